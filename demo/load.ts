// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { newToken } from './token';

/** Keep-alive HTTP clients that ask without a pause and check every byte of every answer. */
export class Load {
  readonly #agent: Agent;
  readonly #sockets = new Set<Socket>();
  readonly #running: Promise<void>[] = [];
  readonly #problems: string[] = [];
  #stopped = false;
  #right = 0;

  constructor(
    readonly port: number,
    readonly clients: number,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: clients });
    for (let client = 0; client < clients; client++) this.#running.push(this.#askOnAndOn());
  }

  /** Answers that were right, byte for byte. */
  get right(): number {
    return this.#right;
  }

  /** Answers that were wrong, and requests that failed. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Connections that were ever opened: as many as clients, when keep-alive holds. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Goes on for a while; that no answer comes in that time is a problem. */
  async runFor(milliseconds: number): Promise<void> {
    const { right } = this;
    await sleep(milliseconds);
    if (this.right === right) this.#problems.push(`no answer within ${milliseconds} ms`);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  async #askOnAndOn(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#ask();
        this.#right++;
      } catch (error) {
        this.#problems.push(error instanceof Error ? error.message : String(error));
        if (this.#problems.length > 100) return;
      }
    }
  }

  async #ask(): Promise<void> {
    const token = newToken();
    const { status, body } = await request(this.port, token, this.#agent, (socket) => this.#sockets.add(socket));
    if (status !== 200) throw new Error(`HTTP ${status}: ${body}`);
    if (body !== digest(token)) throw new Error(`wrong answer ${body} to ${token}`);
  }
}

export function digest(token: string): string {
  return createHash('md5').update(token).digest('hex');
}

/** One request; without an agent it has a connection of its own. */
export function request(
  port: number,
  token: string,
  agent: Agent | false,
  useSocket: (socket: Socket) => void = () => undefined,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = get({ host: '127.0.0.1', port, path: `/${token}`, agent, timeout: 5000 }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    outgoing.on('socket', useSocket);
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 5 s')));
    outgoing.on('error', reject);
  });
}
