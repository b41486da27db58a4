// SPDX-License-Identifier: MIT
// Reaches the world outside by requests of an io_uring alone.
import { setTimeout } from 'node:timers/promises';

import { outcome } from './attack';
import { ringRequest, socketRequest, type Request, type Ring } from './ring';
import type { SyscallAddon } from './syscall-addon';
import { AF_INET, SOCK_DGRAM, SOCK_STREAM, inetAddress } from './system-calls';

/** ETIMEDOUT: a ring that is dead answers nothing. */
const noAnswer = -110;

/** The first answer that comes, or that of the request which carries this number. */
export async function ringAnswer(ring: Ring, userData?: number, milliseconds = 3000): Promise<number> {
  const deadline = Date.now() + milliseconds;
  while (Date.now() < deadline) {
    const done = ring.reap().find((answer) => userData === undefined || answer.userData === userData);
    if (done !== undefined) return done.result;
    await setTimeout(1);
  }
  return noAnswer;
}

/** `polls`: the ring takes requests by itself. */
export async function ask(ring: Ring, request: Request, polls = false): Promise<number> {
  ring.queue(request);
  if (!polls) {
    const taken = ring.enter(1);
    if (taken < 0) return taken;
  }
  return ringAnswer(ring);
}

export interface Reach {
  readonly type: 'tcp' | 'udp';
  readonly polls?: boolean;
  /** Of every request. */
  readonly flags?: number;
  readonly personality?: number;
}

/** Makes a socket, connects it and sends the text: `ok`, or the first error. */
export async function reachByRing(
  addon: SyscallAddon,
  ring: Ring,
  { tcp, udp, text }: { tcp: number; udp: number; text: string },
  { type, polls = false, flags = 0, personality = 0 }: Reach,
): Promise<string> {
  const address = inetAddress(type === 'tcp' ? tcp : udp);
  const data = Buffer.from(text);
  const made = socketRequest(AF_INET, type === 'tcp' ? SOCK_STREAM : SOCK_DGRAM);
  const socket = await ask(ring, { ...made, flags, personality }, polls);
  if (socket < 0) return outcome(socket);
  const common = { fd: socket, flags, personality };
  const to = { operation: ringRequest.connect, address: addon.addressOf(address), offset: address.length };
  const connected = await ask(ring, { ...common, ...to }, polls);
  if (connected < 0) return outcome(connected);
  const what = { operation: ringRequest.send, address: addon.addressOf(data), length: data.length };
  return outcome(await ask(ring, { ...common, ...what }, polls));
}

/** Both ends, the one to read from first. */
export function openPipe(addon: SyscallAddon): [reader: number, writer: number] {
  const pair = Buffer.alloc(8);
  addon.syscall(process.arch === 'arm64' ? 59 : 293, pair, 0);
  return [pair.readInt32LE(0), pair.readInt32LE(4)];
}
