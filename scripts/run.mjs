// SPDX-License-Identifier: MIT
// Starting programs and talking to the user: what every script here needs.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** @param {string} text */
export function say(text) {
  process.stdout.write(`> ${text}\n`);
}

/**
 * @param {string} text
 * @returns {never}
 */
export function fail(text) {
  process.stderr.write(`\n${text}\n`);
  process.exit(1);
}

/** The path of a program that npm installed in node_modules.
 *
 * @param {string} name
 */
export function local(name) {
  return path.join(root, 'node_modules/.bin', name);
}

/**
 * Runs a program to its end and ends this process when the program fails. A quiet program's output
 * is shown only then.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ environment?: Record<string, string>, quiet?: boolean, folder?: string }} options
 */
export function run(file, args, { environment = {}, quiet = false, folder = root }) {
  const answer = spawnSync(file, args, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (answer.status === 0) return;
  const reason = answer.error?.message ?? `ended with ${answer.signal ?? `exit code ${String(answer.status)}`}`;
  fail(`${quiet ? `${answer.stdout}${answer.stderr}\n` : ''}${file} ${args.join(' ')}: ${reason}`);
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 */
export function capture(file, args) {
  const answer = spawnSync(file, args, { cwd: root, encoding: 'utf8' });
  return { status: answer.status, output: answer.stdout.trim() };
}

/**
 * Runs a program beside others and keeps what it prints.
 *
 * @param {string} command a shell command
 * @returns {Promise<{ status: number, output: string, seconds: number }>}
 */
export function runBeside(command) {
  const start = performance.now();
  const child = spawn(command, { cwd: root, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {Buffer[]} */
  const output = [];
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => output.push(chunk));
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => output.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      const seconds = (performance.now() - start) / 1000;
      resolve({ status: status ?? 1, output: Buffer.concat(output).toString('utf8'), seconds });
    });
  });
}
