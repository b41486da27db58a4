// SPDX-License-Identifier: MIT
// The command as its users run it, and programs for its guests.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const main = path.resolve(__dirname, '../../dist/vm/main.js');

export function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const answer = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: answer.status, output: answer.stdout, error: answer.stderr };
}

/** `TEST_VM` may name an image, for whoever works on the harness and does not want to wait. */
let image = process.env['TEST_VM']?.startsWith('/') === true ? process.env['TEST_VM'] : undefined;

/** A kernel without the series: enough for whatever is about the harness alone. */
export function plainKernel(): string {
  if (image === undefined) {
    const { code, output, error } = run(['build', '--no-patch']);
    if (code !== 0) throw new Error(error);
    image = output.trim();
  }
  return image;
}

const folder = mkdtempSync(path.join(tmpdir(), 'dn-vm-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

export function writeFile(name: string, content: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** A program for the guest. */
export function writeScript(name: string, script: string): string {
  const file = writeFile(name, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Runs programs on the plain kernel. */
export const runPrograms = (programs: readonly string[], ...args: string[]) =>
  run(['test', '--kernel', plainKernel(), ...programs.flatMap((file) => ['--program', file]), ...args]);
