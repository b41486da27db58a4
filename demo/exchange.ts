// SPDX-License-Identifier: MIT
import { connect } from 'node:net';

/** Opens a TCP connection to 127.0.0.1, sends the token and returns what comes back. */
export function exchange(port: number, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => socket.write(token));
    socket.on('data', (chunk: Buffer) => {
      socket.destroy();
      socket.on('close', () => resolve(chunk.toString()));
    });
    socket.on('error', reject);
  });
}
