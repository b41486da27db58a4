// SPDX-License-Identifier: MIT
// Runs one row of the escape corpus in a child, under each provider that this kernel can be made to
// offer.
import { createServer as createTcpServer, type Socket } from 'node:net';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import { runInChild, startInChild, type Child, type ChildOptions, type Program } from '../../support/child';
import { listen } from '../../support/network';
import { compileProgram } from '../../support/programs';
import { timeFactor } from '../../support/time';
import { byProvider, type FirstProvider } from '../support/provider';

export type Provider = FirstProvider | 'seccomp';
export const providers = byProvider<Provider[]>({ lsm: ['lsm'], landlock: ['landlock', 'seccomp'] });

/** How a child is started so that this provider is the best one that it finds. */
export function offering(provider: Provider, options: ChildOptions = {}): ChildOptions {
  if (provider !== 'seccomp') return options;
  return { ...options, launcher: [compileProgram('without-landlock'), ...(options.launcher ?? [])] };
}

export async function attackUnder<Input, Result>(
  provider: Provider,
  program: Program<Input, Result>,
  input: Input,
  options: ChildOptions = {},
): Promise<Result> {
  return runInChild(program, input, offering(provider, options));
}

export function startAttackUnder<Input, Result>(
  provider: Provider,
  program: Program<Input, Result>,
  input: Input,
  options: ChildOptions = {},
): Child<Result> {
  return startInChild(program, input, offering(provider, options));
}

/** A TCP and a UDP port of this process: what gets here has got out of the child. */
export interface Outside {
  readonly tcp: number;
  readonly udp: number;
  /** Resolves when the text has come in, over either protocol. */
  heard(text: string): Promise<void>;
  /** All that has come in so far. */
  readonly log: readonly string[];
  close(): void;
}

export async function startOutside(): Promise<Outside> {
  const log: string[] = [];
  const sockets = new Set<Socket>();
  const take = (data: Buffer): void => {
    log.push(data.toString());
  };
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', take);
  });
  const receiver = createSocket('udp4', take);
  receiver.bind(0, '127.0.0.1');
  const [tcp] = await Promise.all([listen(server), once(receiver, 'listening')]);
  return {
    tcp,
    udp: receiver.address().port,
    log,
    heard: async (text) => {
      const deadline = Date.now() + 20_000 * timeFactor;
      while (!log.join('').includes(text)) {
        if (Date.now() > deadline) throw new Error(`'${text}' has not come in; what has: ${JSON.stringify(log)}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      receiver.close();
    },
  };
}

/** How often a text has come in. */
export const countText = ({ log }: Outside, text: string): number => log.join('').split(text).length - 1;
