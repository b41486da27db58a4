// SPDX-License-Identifier: MIT
// Programs that must not outlive the harness, not even when it is killed with SIGKILL.
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/**
 * Starts a program that the kernel ends when this process ends. make(1) gets SIGTERM, which it hands
 * on to all that it has started; QEMU has no children, so nothing softer than SIGKILL is needed.
 */
export function spawnBound(
  signal: 'KILL' | 'TERM',
  command: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const child = spawn('setpriv', ['--pdeathsig', signal, '--', ...command], options);
  child.stdin?.on('error', () => undefined); // Its death is reported by its exit.
  return child;
}

export interface Finished {
  /** The exit code; null when it was ended by a signal. */
  readonly code: number | null;
  readonly output: string;
}

export interface RunOptions extends SpawnOptions {
  /** What the program reads. */
  readonly input?: string;
  /** Sees each complete line of the output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program to its end; standard output and standard error come as one text. */
export async function runBound(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { input, onLine, ...rest } = options;
  const child = spawnBound('TERM', command, { ...rest, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin?.end(input ?? '');
  const chunks: Buffer[] = [];
  // Each has its own unfinished line: the order between two pipes is chance.
  for (const stream of [child.stdout, child.stderr]) {
    let unfinished = '';
    stream?.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const lines = (unfinished + chunk.toString()).split('\n');
      unfinished = lines.pop() ?? '';
      lines.forEach((line) => onLine?.(line));
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output: Buffer.concat(chunks).toString() };
}
