// SPDX-License-Identifier: MIT
// A harness that is killed with SIGKILL, and one that runs beside another.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { main, plainKernel, runPrograms, writeScript } from './command';

jest.setTimeout(1_200_000);

/** The processes whose command line has all the words. */
function processes(...words: string[]): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return words.every((word) => command.includes(word));
    } catch {
      return false;
    }
  });
}

beforeAll(plainKernel);

it('takes QEMU with it when it is killed', async () => {
  const program = writeScript('hangs', 'sleep 1000');
  const harness = spawn(process.execPath, [main, 'test', '--kernel', plainKernel(), '--program', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const folder = `/runs/${String(harness.pid)}-`;
  for await (const chunk of harness.stderr) if (String(chunk).includes('running hangs')) break;
  expect(processes('qemu-system', folder)).toHaveLength(1);
  expect(processes('flock', folder)).toHaveLength(0); // It has become what holds the lock.
  harness.kill('SIGKILL');
  await once(harness, 'exit');
  for (let tries = 0; tries < 50 && processes('qemu-system', folder).length > 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(processes('qemu-system', folder)).toEqual([]);
  // The next run finds no lock in its way, and removes what is left.
  expect(runPrograms([writeScript('next', 'true')]).code).toBe(0);
});

it('runs twice at once', async () => {
  const program = writeScript('beside', 'sleep 2');
  const runs = [1, 2].map(() =>
    spawn(process.execPath, [main, 'test', '--kernel', plainKernel(), '--program', program], { stdio: 'ignore' }),
  );
  const codes = await Promise.all(runs.map(async (child) => ((await once(child, 'exit')) as [number])[0]));
  expect(codes).toEqual([0, 0]);
});
