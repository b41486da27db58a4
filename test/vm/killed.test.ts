// SPDX-License-Identifier: MIT
// A harness that is killed with SIGKILL, and one that runs beside another.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../../vm/kernel/cache';
import { main, plainKernel, runPrograms, writeScript } from './command';
import { writeTree } from './stub-tree';

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
  harness.kill('SIGKILL');
  await once(harness, 'exit');
  for (let tries = 0; tries < 50 && processes('qemu-system', folder).length > 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(processes('qemu-system', folder)).toEqual([]);
  // What holds the lock outlives the run, and clears up.
  const left = () => readdirSync(path.join(cacheFolder(), 'runs')).filter((name) => `/runs/${name}`.startsWith(folder));
  for (let tries = 0; tries < 50 && left().length > 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(left()).toEqual([]);
  // The next run finds no lock in its way.
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

describe('the same kernel, which nobody has built yet', () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'dn-killed-'));
  const kernels = path.join(cache, 'disablenetwork-vm/kernels');
  afterAll(() => {
    rmSync(cache, { recursive: true });
  });

  /** Builds a tree whose compiler takes its time, and notes that it has run. */
  const build = (tree: string) => {
    const child = spawn(process.execPath, [main, 'build', '--kernel', tree], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, XDG_CACHE_HOME: cache },
    });
    let error = '';
    child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
    const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, error }));
    const said = async (text: string) => {
      while (!error.includes(text)) await once(child.stderr, 'data');
    };
    return { child, ended, said };
  };

  it('is built once by two, and the other one says that it waits', async () => {
    const notes = path.join(cache, 'notes');
    const tree = writeTree(`echo built >>${notes}; sleep 3; touch vmlinux`);
    const first = build(tree);
    await first.said('compiling');
    const second = build(tree);
    await second.said('another run builds the same kernel: waiting for it');
    expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0]);
    expect(readFileSync(notes, 'utf8')).toBe('built\n');
    expect(readdirSync(kernels).filter((name) => name.includes('.'))).toEqual([]);
  });

  it('is left by a killed builder to the one that waits, and nothing else is', async () => {
    const notes = path.join(cache, 'more-notes');
    const tree = writeTree(`echo built >>${notes}; sleep 3; touch vmlinux`);
    const first = build(tree);
    await first.said('compiling');
    const second = build(tree);
    await second.said('waiting for it');
    first.child.kill('SIGKILL');
    expect((await second.ended).code).toBe(0);
    expect(readFileSync(notes, 'utf8')).toBe('built\nbuilt\n');
    expect(readdirSync(kernels).filter((name) => name.includes('.'))).toEqual([]);
  });
});
