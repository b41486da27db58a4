// SPDX-License-Identifier: MIT
import { startDaemon } from './daemon';

export interface XServer {
  /** For `DISPLAY=:N`, and the end of the socket's path `/tmp/.X11-unix/XN`. */
  readonly number: number;
  stop(): Promise<void>;
}

/**
 * An X server without a screen, on the first free display number: it picks and prints one. By
 * default it listens on the abstract name and on the path of the same name.
 */
export async function startXServer(args: readonly string[] = []): Promise<XServer> {
  let number = -1;
  const ready = {
    // The number is printed when the server accepts clients.
    test: (output: string): boolean => {
      const line = /^(\d+)$/m.exec(output)?.[1];
      number = Number(line ?? -1);
      return line !== undefined;
    },
  };
  const daemon = await startDaemon({
    command: 'Xvfb',
    args: ['-displayfd', '1', '-screen', '0', '320x240x24', '-nolisten', 'tcp', '-noreset', ...args],
    ready,
    package: 'xvfb',
  });
  return { number, stop: async () => daemon.stop() };
}
