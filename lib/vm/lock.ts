// SPDX-License-Identifier: MIT
// A lock between processes that dies with its holder. flock(1) keeps it for as long as the program
// behind it reads our pipe, and the kernel closes the pipe however we end.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { VmError } from './errors';

export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** Do not wait: answer null when another process has the lock. */
  readonly wait?: boolean;
  /** Called once when somebody else has the lock. */
  readonly onWait?: () => void;
}

const busyExitCode = 75;

/** Takes the lock that `file` stands for. The file itself stays: to delete it would race. */
export async function takeLock(file: string, options: LockOptions = {}): Promise<Lock | null> {
  mkdirSync(path.dirname(file), { recursive: true });
  const first = await holdLock(file, false);
  if (first !== null || options.wait === false) return first;
  options.onWait?.();
  return holdLock(file, true);
}

function holdLock(file: string, wait: boolean): Promise<Lock | null> {
  const mode = wait ? [] : ['--nonblock', '--conflict-exit-code', String(busyExitCode)];
  const holder = spawn('flock', ['--no-fork', ...mode, file, 'sh', '-c', 'echo held; read -r _'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  holder.stdin.on('error', () => undefined); // Its end is reported by its exit.
  let complaint = '';
  holder.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  return new Promise((resolve, reject) => {
    const ended = new Promise<number | null>((done) => holder.once('close', done));
    holder.once('error', reject);
    holder.stdout.once('data', () => {
      resolve({
        release: async () => {
          holder.stdin.end();
          await ended;
        },
      });
    });
    void ended.then((code) => {
      if (code === busyExitCode) resolve(null);
      else reject(new VmError('environment', `the lock ${file} cannot be taken: ${complaint.trim()}`));
    });
  });
}
