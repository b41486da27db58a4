// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DisableNetworkError } from '../../../lib/errors';
import type { Bundle } from '../../../lib/native/bundle';
import { type LoadEnvironment, loadBinding, loadBindingFrom } from '../../../lib/native/load';
import { version } from '../../../lib/native/version';

const root = '/somewhere/node_modules/disablenetwork';
const file = `${root}/prebuilds/linux-x64/disablenetwork-linux-x64.node`;
const binding = { name: 'disablenetwork', version, prctlGetNetwork: jest.fn() };

function environment(changes: Partial<LoadEnvironment> = {}): LoadEnvironment {
  return {
    platform: 'linux',
    architecture: 'x64',
    nodeVersion: 'v20.0.0',
    root,
    permission: undefined,
    detectBundle: () => undefined,
    requireAddon: () => ({ addon: binding }),
    ...changes,
  };
}

function failing(message: string, code?: string): Pick<LoadEnvironment, 'requireAddon'> {
  const cause = Object.assign(new Error(message), code === undefined ? {} : { code });
  return { requireAddon: () => ({ cause }) };
}

function failure(changes: Partial<LoadEnvironment>): DisableNetworkError {
  try {
    loadBindingFrom(environment(changes));
  } catch (error) {
    if (error instanceof DisableNetworkError) return error;
    throw error;
  }
  throw new Error('the addon was loaded');
}

describe('the addon', () => {
  test.each(['x64', 'arm64'])('is the one of the architecture: %s', (architecture) => {
    const requireAddon = jest.fn(() => ({ addon: binding }));
    expect(loadBindingFrom(environment({ architecture, requireAddon }))).toBe(binding);
    expect(requireAddon).toHaveBeenCalledWith(architecture);
  });

  test('is the real addon in this repository, loaded once', () => {
    const first = loadBinding();
    expect(typeof first.prctlGetNetwork()).toBe('number');
    expect(loadBinding()).toBe(first);
  });

  test('has a version that is the one of the package', () => {
    const manifest = readFileSync(join(__dirname, '../../../package.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ version });
  });

  test.each([
    ['another addon', {}],
    ['another addon', { name: 'better-sqlite3', version }],
    ['another addon', 'a name that a bundler gave in its place'],
    ['another addon', null],
    ['disablenetwork 0.0.1', { ...binding, version: '0.0.1' }],
    ['disablenetwork undefined', { ...binding, version: undefined }],
  ])('is never %s, and nothing of that is called', (what, addon) => {
    const error = failure({ requireAddon: () => ({ addon }) });
    expect(error.code).toBe('ERR_DISABLENETWORK_ADDON');
    expect(error.message).toContain(`${file} is ${what}, not disablenetwork ${version}`);
    expect(binding.prctlGetNetwork).not.toHaveBeenCalled();
  });
});

describe('ERR_DISABLENETWORK_PLATFORM', () => {
  test.each(['darwin', 'win32', 'freebsd', 'android'])('on %s, before any file is looked for', (platform) => {
    const requireAddon = jest.fn(() => ({ addon: binding }));
    const error = failure({ platform, requireAddon });
    expect(error.code).toBe('ERR_DISABLENETWORK_PLATFORM');
    expect(error.message).toContain(platform);
    expect(requireAddon).not.toHaveBeenCalled();
  });

  test.each(['ia32', 'arm', 'riscv64', 's390x'])('on %s', (architecture) => {
    const error = failure({ architecture });
    expect(error.code).toBe('ERR_DISABLENETWORK_PLATFORM');
    expect(error.message).toContain(architecture);
  });
});

describe('ERR_DISABLENETWORK_PERMISSION', () => {
  const disabled = failing('Cannot load native addon because loading addons is disabled.', 'ERR_DLOPEN_DISABLED');

  test('names --allow-addons under the permission model', () => {
    const error = failure({ permission: { has: () => true }, ...disabled });
    expect(error.code).toBe('ERR_DISABLENETWORK_PERMISSION');
    expect(error.message).toContain('--allow-addons');
    expect(error.cause).toMatchObject({ code: 'ERR_DLOPEN_DISABLED' });
  });

  test('names --no-addons where that is the cause', () => {
    const error = failure(disabled);
    expect(error.code).toBe('ERR_DISABLENETWORK_PERMISSION');
    expect(error.message).toContain('--no-addons');
  });

  test('names the folder that may not be read', () => {
    const has = jest.fn(() => false);
    const error = failure({ permission: { has }, ...failing('Cannot find module', 'MODULE_NOT_FOUND') });
    expect(has).toHaveBeenCalledWith('fs.read', root);
    expect(error.code).toBe('ERR_DISABLENETWORK_PERMISSION');
    expect(error.message).toContain(`--allow-fs-read=${root}`);
  });

  test('names a file elsewhere that may not be read', () => {
    const denied = Object.assign(new Error('Access restricted'), {
      code: 'ERR_ACCESS_DENIED',
      resource: '/a/link/to/it',
    });
    const error = failure({
      permission: { has: () => true },
      requireAddon: () => ({ cause: denied }),
    });
    expect(error.code).toBe('ERR_DISABLENETWORK_PERMISSION');
    expect(error.message).toContain('--allow-fs-read=/a/link/to/it');
    expect(error.cause).toBe(denied);
  });

  test('is no answer when the addon loads', () => {
    expect(loadBindingFrom(environment({ permission: { has: () => false } }))).toBe(binding);
  });
});

describe('ERR_DISABLENETWORK_ADDON', () => {
  test('names the process, the file that is missing, and what to do', () => {
    const error = failure(failing('Cannot find module\nRequire stack:\n- /a.js', 'MODULE_NOT_FOUND'));
    expect(error.code).toBe('ERR_DISABLENETWORK_ADDON');
    expect(error.message).toContain('linux x64, Node v20.0.0');
    expect(error.message).toContain(`${file} is missing`);
    expect(error.message).toContain('npm ci');
    expect(error.message).not.toContain('Require stack');
    expect(error.cause).toMatchObject({ code: 'MODULE_NOT_FOUND' });
  });

  test.each([
    `${file}: file too short`,
    `${file}: invalid ELF header`,
    'Error loading shared library: Exec format error',
  ])('says that a file is damaged: %s', (message) => {
    const error = failure(failing(message, 'ERR_DLOPEN_FAILED'));
    expect(error.message).toContain(`damaged or made for another machine (${message})`);
    expect(error.message).toContain('npm ci');
    expect(error.cause).toMatchObject({ code: 'ERR_DLOPEN_FAILED' });
  });

  test('says that the file system does not let programs run', () => {
    const error = failure(failing(`${file}: failed to map segment from shared object`, 'ERR_DLOPEN_FAILED'));
    expect(error.message).toContain('noexec');
    expect(error.message).not.toContain('damaged');
  });

  test.each<[NonNullable<Bundle>, string]>([
    ['executable', 'createRequire(__filename)'],
    ['webpack', "externals: { disablenetwork: 'commonjs disablenetwork' }"],
    ['bundler', '--loader:.node=copy'],
  ])('names the line for what left it out: %s', (bundle, line) => {
    const error = failure({ detectBundle: () => bundle, ...failing('No such built-in module: x.node') });
    expect(error.message).toContain('left out of the bundle (No such built-in module: x.node)');
    expect(error.message).toContain(line);
    expect(error.message).toContain('docs/bundlers.md');
    expect(error.message).not.toContain(root);
  });

  test('copes with something thrown that is no error', () => {
    expect(failure({ requireAddon: () => ({ cause: 'a string' }) }).message).toContain('a string');
  });
});
