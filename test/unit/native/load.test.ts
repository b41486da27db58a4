// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../../../lib/errors';
import { type LoadEnvironment, loadBinding, loadBindingFrom } from '../../../lib/native/load';

const root = '/somewhere/node_modules/disablenetwork';
const prebuild = `${root}/prebuilds/linux-x64/disablenetwork.glibc.node`;
const binding = { marker: 'the addon' };

function environment(changes: Partial<LoadEnvironment> = {}): LoadEnvironment {
  return {
    platform: 'linux',
    architecture: 'x64',
    nodeVersion: 'v20.0.0',
    root,
    permission: undefined,
    resolve: () => prebuild,
    require: () => binding,
    list: () => [],
    ...changes,
  };
}

function throwing(message: string, code?: string): () => never {
  return () => {
    throw Object.assign(new Error(message), code === undefined ? {} : { code });
  };
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

describe('the file that is loaded', () => {
  test('is the one that was resolved in the root of the package', () => {
    const resolve = jest.fn(() => prebuild);
    const load = jest.fn(() => binding);
    expect(loadBindingFrom(environment({ resolve, require: load }))).toBe(binding);
    expect(resolve).toHaveBeenCalledWith(root);
    expect(load).toHaveBeenCalledWith(prebuild);
  });

  test.each([
    '/tmp/elsewhere/prebuilds/linux-x64/disablenetwork.node',
    `${root}-evil/prebuilds/linux-x64/disablenetwork.node`,
    `${root}/../other/build/Release/disablenetwork.node`,
  ])('is never outside the package: %s', (file) => {
    const load = jest.fn(() => binding);
    const error = failure({ resolve: () => file, require: load });
    expect(load).not.toHaveBeenCalled();
    expect(error.code).toBe('ERR_DISABLENETWORK_ADDON');
    expect(error.message).toContain('DISABLENETWORK_PREBUILD');
  });

  test('is the real addon in this repository, loaded once', () => {
    const first = loadBinding();
    expect(typeof first.prctlGetNetwork()).toBe('number');
    expect(loadBinding()).toBe(first);
  });
});

describe('ERR_DISABLENETWORK_PLATFORM', () => {
  test.each(['darwin', 'win32', 'freebsd', 'android'])('on %s, before any file is looked for', (platform) => {
    const resolve = jest.fn(() => prebuild);
    const error = failure({ platform, resolve });
    expect(error.code).toBe('ERR_DISABLENETWORK_PLATFORM');
    expect(error.message).toContain(platform);
    expect(resolve).not.toHaveBeenCalled();
  });

  test.each(['ia32', 'arm', 'riscv64', 's390x'])('on %s', (architecture) => {
    const error = failure({ architecture });
    expect(error.code).toBe('ERR_DISABLENETWORK_PLATFORM');
    expect(error.message).toContain(architecture);
  });

  test('not on arm64', () => {
    expect(loadBindingFrom(environment({ architecture: 'arm64' }))).toBe(binding);
  });
});

describe('ERR_DISABLENETWORK_PERMISSION', () => {
  const disabled = throwing('Cannot load native addon because loading addons is disabled.', 'ERR_DLOPEN_DISABLED');

  test('names --allow-addons under the permission model', () => {
    const error = failure({ permission: { has: () => true }, require: disabled });
    expect(error.code).toBe('ERR_DISABLENETWORK_PERMISSION');
    expect(error.message).toContain('--allow-addons');
    expect(error.cause).toMatchObject({ code: 'ERR_DLOPEN_DISABLED' });
  });

  test('names --no-addons where that is the cause', () => {
    const error = failure({ require: disabled });
    expect(error.code).toBe('ERR_DISABLENETWORK_PERMISSION');
    expect(error.message).toContain('--no-addons');
  });

  test('names the folder that may not be read', () => {
    const has = jest.fn(() => false);
    const error = failure({ permission: { has }, resolve: throwing('No native build was found') });
    expect(has).toHaveBeenCalledWith('fs.read', root);
    expect(error.code).toBe('ERR_DISABLENETWORK_PERMISSION');
    expect(error.message).toContain(`--allow-fs-read=${root}`);
  });

  test('names a file elsewhere that may not be read', () => {
    const denied = Object.assign(new Error('Access restricted'), {
      code: 'ERR_ACCESS_DENIED',
      resource: '/etc/alpine-release',
    });
    const error = failure({
      permission: { has: () => true },
      resolve: () => {
        throw denied;
      },
    });
    expect(error.code).toBe('ERR_DISABLENETWORK_PERMISSION');
    expect(error.message).toContain('--allow-fs-read=/etc/alpine-release');
    expect(error.cause).toBe(denied);
  });

  test('is no answer when the addon loads', () => {
    expect(loadBindingFrom(environment({ permission: { has: () => false } }))).toBe(binding);
  });
});

describe('ERR_DISABLENETWORK_ADDON', () => {
  test('lists the process, what was found and what to do when nothing fits', () => {
    const error = failure({
      resolve: throwing('No native build was found for platform=linux arch=x64 libc=musl\n    loaded from: x\n'),
      list: (folder) => {
        if (folder === `${root}/prebuilds`) return ['linux-arm64', 'linux-x64'];
        if (folder === `${root}/prebuilds/linux-x64`) return ['disablenetwork.glibc.node'];
        if (folder === `${root}/build/Debug`) return [];
        if (folder === `${root}/build/Release`) return throwing('no such folder', 'ENOENT')();
        throw new Error(`asked for ${folder}`);
      },
    });
    expect(error.code).toBe('ERR_DISABLENETWORK_ADDON');
    expect(error.message).toContain('linux x64, Node v20.0.0');
    expect(error.message).toContain('libc=musl; loaded from: x');
    expect(error.message).toContain(`${root}/prebuilds: linux-arm64, linux-x64`);
    expect(error.message).toContain(`${root}/prebuilds/linux-x64: disablenetwork.glibc.node`);
    expect(error.message).toContain(`${root}/build/Debug: (empty)`);
    expect(error.message).toContain(`${root}/build/Release: (absent)`);
    expect(error.message).toContain('What to do');
  });

  test('names the file that does not load, and keeps the cause', () => {
    const error = failure({
      require: throwing("version `GLIBCXX_3.4.99' not found", 'ERR_DLOPEN_FAILED'),
      list: throwing('permission denied', 'EACCES'),
    });
    expect(error.code).toBe('ERR_DISABLENETWORK_ADDON');
    expect(error.message).toContain(`Tried: ${prebuild}`);
    expect(error.message).toContain('GLIBCXX_3.4.99');
    expect(error.message).toContain('permission denied');
    expect(error.cause).toMatchObject({ code: 'ERR_DLOPEN_FAILED' });
  });

  test('copes with something thrown that is no error', () => {
    const error = failure({
      require: () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- a loader may throw anything
        throw 'a string';
      },
    });
    expect(error.message).toContain('a string');
  });
});
