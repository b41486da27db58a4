// SPDX-License-Identifier: MIT
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder, cacheKey, makeOnce, sweep } from '../../../../vm/kernel/cache';
import { takeLock } from '../../../../vm/kernel/lock';
import { transpile } from '../../../transpile';

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
  expect(readdirSync(folder)).toEqual([]);
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

it('leaves the lock of nobody', async () => {
  const file = path.join(folder, 'l');
  await Promise.all([1, 2, 3].map(async () => (await takeLock(file))?.release()));
  writeFileSync(path.join(folder, 'stale.lock'), '');
  await sweep(folder);
  expect(readdirSync(folder)).toEqual([]);
});

it('cannot lock where it may not write', async () => {
  const file = path.join(folder, 'l');
  mkdirSync(file);
  await expect(takeLock(file)).rejects.toThrow(`the lock ${file} cannot be taken`);
});

describe('a process that was killed', () => {
  /** A process of its own that holds the lock, or waits for it. */
  const start = (file: string, partial: string) => {
    mkdirSync(path.join(folder, 'kernel'), { recursive: true });
    for (const name of ['kernel/lock', 'children', 'errors']) {
      const source = path.join(__dirname, '../../../../vm', `${name}.ts`);
      writeFileSync(path.join(folder, `${name}.js`), transpile(readFileSync(source, 'utf8'), source).code);
    }
    const script = `
      const { takeLock } = require(${JSON.stringify(path.join(folder, 'kernel/lock.js'))});
      setInterval(() => undefined, 1000);
      takeLock(process.argv[1], { folder: process.argv[2], onWait: () => console.log('waits') })
        .then(() => console.log('held'));`;
    return spawn(process.execPath, ['-e', script, file, partial], { stdio: ['ignore', 'pipe', 'inherit'] });
  };
  const said = async (child: ReturnType<typeof start>) => String(((await once(child.stdout, 'data')) as [Buffer])[0]);
  const soon = async (isSo: () => boolean) => {
    for (let tries = 0; tries < 100 && !isSo(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    return isSo();
  };

  it('leaves neither its lock nor its folder', async () => {
    const [file, partial] = [path.join(folder, 'k.lock'), path.join(folder, 'k.partial')];
    mkdirSync(partial);
    const child = start(file, partial);
    expect(await said(child)).toBe('held\n');
    expect(await takeLock(file, { wait: false })).toBeNull();
    expect(existsSync(partial)).toBe(true);
    child.kill('SIGKILL');
    expect(await soon(() => !existsSync(file))).toBe(true);
    expect(existsSync(partial)).toBe(false);
  });

  it('leaves no process when it was waiting', async () => {
    const file = path.join(folder, 'k.lock');
    const lock = await takeLock(file);
    const child = start(file, '');
    expect(await said(child)).toBe('waits\n');
    const waiting = () => spawnSync('pgrep', ['--full', file], { encoding: 'utf8' }).stdout.trim().split('\n').length;
    expect(await soon(() => waiting() >= 3)).toBe(true); // Our holder, the process, its shell.
    child.kill('SIGKILL');
    expect(await soon(() => waiting() === 1)).toBe(true);
    await lock?.release();
    expect(existsSync(file)).toBe(false);
  });

  it('hands the lock to the one that waits', async () => {
    const file = path.join(folder, 'k.lock');
    const child = start(file, '');
    expect(await said(child)).toBe('held\n');
    const next = takeLock(file);
    setTimeout(() => child.kill('SIGKILL'), 200);
    const lock = await next;
    expect(existsSync(file)).toBe(true);
    expect(await takeLock(file, { wait: false })).toBeNull();
    await lock?.release();
  });
});
