// SPDX-License-Identifier: MIT
import { chmodSync, existsSync, mkdirSync, rmdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { unprivilegedAccount } from './account';
import type { Program } from './requirements';
import { type Place, startServer, waitUntil } from './start';

/** Where every X server keeps its sockets: the path is part of the protocol. */
const socketDirectory = '/tmp/.X11-unix';

/** Width and height that the client is expected to read from the server. */
export const screenSize = '1234x567';

/**
 * Starts Xvfb on a display number that it chooses itself; returns the display for the client.
 *
 * That is another name for the same socket. X clients try the abstract name first, and where that
 * is refused instead of absent, libxcb gives up; for the other name only the pathname exists, so
 * it comes to that one. It is what a user of an X server does, too.
 */
export async function startXServer(place: Place, programs: Record<Program, string>): Promise<string> {
  makeSocketDirectory(place);
  const server = startServer(
    place,
    unprivilegedAccount('nobody'),
    programs.Xvfb,
    ['-displayfd', '3', '-screen', '0', `${screenSize}x24`, '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  let number = '';
  let log = '';
  server.stdio[3]?.on('data', (chunk: Buffer) => (number += chunk.toString()));
  server.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await waitUntil('the start of Xvfb', () => {
    if (server.exitCode !== null) throw new Error(`Xvfb ended at once: ${log.trim()}`);
    return number.endsWith('\n');
  });
  const socket = `${socketDirectory}/X${number.trim()}`;
  if (!existsSync(socket)) throw new Error(`Xvfb made no socket ${socket}: ${log.trim()}`);
  // A number that no server comes to by counting from 0, and no other demo uses now.
  const alias = 1000 + process.pid;
  const link = `${socketDirectory}/X${alias}`;
  rmSync(link, { force: true });
  symlinkSync(socket, link);
  place.cleanup.add(() => {
    unlinkSync(link);
  });
  return `:${alias}`;
}

/** A machine without a desktop lacks it, and only a server run by root would make it. */
function makeSocketDirectory({ cleanup }: Place): void {
  if (existsSync(socketDirectory)) return;
  mkdirSync(socketDirectory);
  chmodSync(socketDirectory, 0o1777);
  cleanup.add(() => {
    try {
      rmdirSync(socketDirectory);
    } catch {
      // Another X server has come to use it.
    }
  });
}
