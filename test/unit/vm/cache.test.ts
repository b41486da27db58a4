// SPDX-License-Identifier: MIT
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder, cacheKey, makeOnce, sweep } from '../../../lib/vm/cache';
import { takeLock } from '../../../lib/vm/lock';

const identity = { source: 'a', patches: ['p', 'q'], fragments: 'f', compiler: 'gcc 12', selftests: ['s'] };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dn-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('has another key for another content of anything', () => {
  const others = [
    { ...identity, source: 'b' },
    { ...identity, patches: ['q', 'p'] },
    { ...identity, patches: ['pq'] },
    { ...identity, fragments: 'g' },
    { ...identity, compiler: 'gcc 13' },
    { ...identity, selftests: [] },
  ];
  const keys = [identity, ...others].map(cacheKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect(cacheKey({ ...identity })).toBe(cacheKey(identity));
});

it('lives where XDG says', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe('/x/disablenetwork-vm');
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/disablenetwork-vm$/);
});

it('makes a folder once, whoever asks at the same time', async () => {
  let made = 0;
  const target = path.join(folder, 'k');
  const make = () =>
    makeOnce(target, async (partial) => {
      made += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      writeFileSync(path.join(partial, 'x'), '');
    });
  const answers = await Promise.all([make(), make(), make()]);
  expect(made).toBe(1);
  expect(answers.filter((answer) => answer.made)).toHaveLength(1);
  expect(readdirSync(target)).toEqual(['x']);
});

it('leaves nothing of an attempt that failed', async () => {
  const target = path.join(folder, 'k');
  await expect(makeOnce(target, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(readdirSync(folder)).toEqual(['k.lock']);
  expect(await makeOnce(target, () => Promise.resolve())).toEqual({ made: true });
});

it('sweeps what nobody holds, and nothing else', async () => {
  mkdirSync(path.join(folder, 'dead.partial'));
  mkdirSync(path.join(folder, 'alive.partial'));
  const lock = await takeLock(path.join(folder, 'alive.lock'));
  await sweep(folder);
  expect(existsSync(path.join(folder, 'dead.partial'))).toBe(false);
  expect(existsSync(path.join(folder, 'alive.partial'))).toBe(true);
  await lock?.release();
});

it('lets one in at a time', async () => {
  const file = path.join(folder, 'l');
  const first = await takeLock(file);
  expect(await takeLock(file, { wait: false })).toBeNull();
  let waited = false;
  const second = takeLock(file, { onWait: () => (waited = true) });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await first?.release();
  await (await second)?.release();
  expect(waited).toBe(true);
});

it('frees the lock of a process that was killed', async () => {
  const file = path.join(folder, 'l');
  // The same pipe as lock.ts makes, held by a process that gets no chance to clean up.
  const script = `
    const holder = require('node:child_process').spawn('flock', ['--no-fork', ${JSON.stringify(file)}, 'sh', '-c', 'echo held; read -r _']);
    holder.stdout.once('data', () => console.log('held'));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(spawnSync('flock', ['--nonblock', file, 'true']).status).toBe(1);
  child.kill('SIGKILL');
  const lock = await takeLock(file);
  expect(lock).not.toBeNull();
  await lock?.release();
});
