// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeCommand, nodeShares, packageManifest } from '../../../../vm/guest/node-share';

const cache = mkdtempSync(path.join(tmpdir(), 'dn-node-'));
const before = process.env['XDG_CACHE_HOME'];

beforeAll(() => {
  process.env['XDG_CACHE_HOME'] = cache;
});
afterAll(() => {
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
  rmSync(cache, { recursive: true });
});

it('stages a Node that runs by its own dynamic linker, with nothing from the usual places', () => {
  const folder = nodeShares().find(({ tag }) => tag === 'node')?.source ?? '';
  const command = nodeCommand('x.js').map((word) => word.replace(/^\/node(?=\/|$)/, folder));
  expect(command.at(-1)).toBe('x.js');
  const [linker = '', ...args] = command.slice(0, -1);
  const { stdout } = spawnSync(linker, [...args, '--print', 'process.version']);
  expect(String(stdout)).toBe(`${process.version}\n`);
  const { stdout: libraries } = spawnSync(linker, ['--library-path', folder, '--list', path.join(folder, 'node')]);
  const used = [...String(libraries).matchAll(/=> (\S+)/g)].map(([, file = '']) => path.dirname(file));
  expect(new Set(used)).toEqual(new Set([folder]));
});

it('stages once', () => {
  const staged = () => {
    const folder = nodeShares()[0]?.source ?? '';
    return readdirSync(folder).map((name) => [name, statSync(path.join(folder, name)).ino]);
  };
  expect(staged()).toEqual(staged());
});

it('shows this package where require looks, and nothing that does not exist', () => {
  const shares = nodeShares();
  expect(shares.every(({ source, writable }) => existsSync(source) && !writable)).toBe(true);
  expect(shares.map(({ target }) => target)).toEqual([
    '/node',
    '/node_modules/disablenetwork/dist',
    '/node_modules/disablenetwork/prebuilds',
  ]);
  expect(packageManifest.target).toBe('/node_modules/disablenetwork/package.json');
});
