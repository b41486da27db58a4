// SPDX-License-Identifier: MIT
import { join } from 'node:path';

import { startDaemon, withFreePort } from './daemon';
import { temporaryFolder } from './folders';

export interface RedisServer {
  readonly port: number;
  readonly socketPath: string;
  stop(): Promise<void>;
}

/** A server that keeps nothing on disk. */
export async function startRedis(): Promise<RedisServer> {
  const folder = temporaryFolder();
  const socketPath = join(folder.path, 'redis.sock');
  try {
    return await withFreePort(async (port) => {
      const settings = ['--port', String(port), '--bind', '127.0.0.1', '--unixsocket', socketPath];
      const daemon = await startDaemon({
        command: 'redis-server',
        args: [...settings, '--save', '', '--appendonly', 'no', '--dir', folder.path],
        ready: /ready to accept connections at|Ready to accept connections/,
        package: 'redis-server',
      });
      const stop = async (): Promise<void> => {
        await daemon.stop();
        folder.remove();
      };
      return { port, socketPath, stop };
    });
  } catch (error) {
    folder.remove();
    throw error;
  }
}
