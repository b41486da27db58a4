// SPDX-License-Identifier: MIT
// Does the work of a row without the drop and with it, and says whether the same came of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { repository } from '../../support/folders';
import { listen } from '../../support/network';
import type { Environment } from '../environments';
import type { ProgramRow } from './row';
import { run } from './start';

/** The command that drops the network and becomes the one behind it. */
export function launcherIn(environment: Environment, options: readonly string[] = []): readonly string[] {
  const command = join(repository, 'dist/cli/main.js');
  return [...environment.offering(), process.execPath, command, 'run', ...options, '--'];
}

/** `works`, or `breaks: ` and one line that says why. Throws when the work fails without the drop, too. */
export async function compare(row: ProgramRow, environment: Environment): Promise<string> {
  const control = await workIn(row, environment.offering()).catch((error: unknown) => {
    throw new Error(`without the drop ${row.id} fails: the row is void`, { cause: error });
  });
  try {
    const answer = await workIn(row, launcherIn(environment, row.options));
    return answer === control
      ? 'works'
      : `breaks: it answers ${JSON.stringify(answer)}, not ${JSON.stringify(control)}`;
  } catch (error) {
    return `breaks: ${oneLine(String(error))}`;
  }
}

async function workIn(row: ProgramRow, launcher: readonly string[]): Promise<string> {
  // Short enough for the path of a Unix socket.
  const folder = mkdtempSync(join(tmpdir(), 'dn-'));
  try {
    return await row.work(launcher, folder);
  } catch (error) {
    throw new Error(String(error).replaceAll(folder, 'FOLDER'), { cause: error });
  } finally {
    // What has just been told to end may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Of all that a program has said: the first line that tells of a refusal, else the last one. */
function oneLine(text: string): string {
  const lines = text.split('\n').filter((line) => /[a-z]/i.test(line) && !line.startsWith('[ended with'));
  const telling = /not permitted|not implemented|denied|refused|no new privileges|EPERM|bad system call|unable|cannot/i;
  const line = lines.find((each) => telling.test(each)) ?? lines.at(-1) ?? text;
  // Process ids, displays and the like differ each time.
  return line
    .replace(/^(Error: )+/, '')
    .replace(/\b\d+\b/g, 'N')
    .trim();
}

const tryNetwork = `require('node:net').connect(Number(process.argv[1]), '127.0.0.1')
  .on('connect', () => { console.log('connected'); process.exit(); })
  .on('error', (error) => { console.log(error.code); process.exit(); });`;

/** What a program that is started so comes to when it connects to a server on this machine. */
export async function reach(launcher: readonly string[]): Promise<string> {
  const server = createServer((socket) => socket.end());
  const port = await listen(server);
  try {
    return (await run([...launcher, process.execPath, '-e', tryNetwork, String(port)], { folder: tmpdir() })).trim();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
