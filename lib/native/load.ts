// SPDX-License-Identifier: MIT
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DisableNetworkError } from '../errors';
import type { NativeBinding } from './binding';

/** What loading asks of the process; the unit tests hand in another one. */
export interface LoadEnvironment {
  readonly platform: string;
  readonly architecture: string;
  readonly nodeVersion: string;
  /** The package's own folder: the parent of `build`, `prebuilds` and `dist`. */
  readonly root: string;
  /** Absent when Node's permission model is off. */
  readonly permission: { has(scope: string, reference?: string): boolean } | undefined;
  /** The file that fits this process; throws when there is none. */
  resolve(root: string): string;
  require(file: string): unknown;
  /** The names in a folder; throws when it cannot be read. */
  list(folder: string): readonly string[];
}

const supportedArchitectures: readonly string[] = ['x64', 'arm64'];

const load = createRequire(__filename);

const processEnvironment = (): LoadEnvironment => ({
  platform: process.platform,
  architecture: process.arch,
  nodeVersion: process.version,
  root: path.resolve(__dirname, '../..'),
  permission: process.permission,
  // Required late, because it looks at files, which the permission model may refuse.
  resolve: (root) => (load('node-gyp-build') as { resolve(root: string): string }).resolve(root),
  require: load,
  list: (folder) => readdirSync(folder),
});

let loaded: NativeBinding | undefined;

/**
 * The native addon, loaded at the first call: importing this package must never throw, on any
 * platform. A failure is not remembered, so that a later call can succeed.
 */
export function loadBinding(): NativeBinding {
  loaded ??= loadBindingFrom(processEnvironment());
  return loaded;
}

/** As {@link loadBinding}, without memory, in an environment that the caller describes. */
export function loadBindingFrom(environment: LoadEnvironment): NativeBinding {
  checkPlatform(environment);
  let file = '(no file)';
  try {
    file = environment.resolve(environment.root);
    checkInside(environment.root, file);
    return environment.require(file) as NativeBinding;
  } catch (cause) {
    throw permissionError(environment, cause) ?? addonError(environment, file, cause);
  }
}

function checkPlatform({ platform, architecture }: LoadEnvironment): void {
  if (platform !== 'linux') {
    throw new DisableNetworkError(
      'ERR_DISABLENETWORK_PLATFORM',
      `disablenetwork works on Linux only and this is ${platform}: call it only where process.platform is 'linux'.`,
    );
  }
  if (!supportedArchitectures.includes(architecture)) {
    throw new DisableNetworkError(
      'ERR_DISABLENETWORK_PLATFORM',
      `disablenetwork works on ${supportedArchitectures.join(' and ')} only and this is ${architecture}.`,
    );
  }
}

/**
 * node-gyp-build also takes a file from beside the Node binary, or from where the environment
 * variable DISABLENETWORK_PREBUILD points. An addon that does nothing would then pass for this one.
 */
function checkInside(root: string, file: string): void {
  if (!path.resolve(file).startsWith(root + path.sep)) {
    throw new Error(`${file} is outside the package and is not loaded; unset DISABLENETWORK_PREBUILD.`);
  }
}

/** Node's permission model refuses addons, and files, unless the command line allows them. */
function permissionError({ permission, root }: LoadEnvironment, cause: unknown): DisableNetworkError | undefined {
  const hidden = permission?.has('fs.read', root) === false ? root : refusedFile(cause);
  if (hidden !== undefined) {
    return new DisableNetworkError(
      'ERR_DISABLENETWORK_PERMISSION',
      `Node's permission model hides what loading the native addon needs: start Node with --allow-addons --allow-fs-read=${hidden}`,
      { cause },
    );
  }
  if (codeOf(cause) === 'ERR_DLOPEN_DISABLED') {
    const flag = permission === undefined ? 'without --no-addons' : 'with --allow-addons';
    return new DisableNetworkError(
      'ERR_DISABLENETWORK_PERMISSION',
      `This process may not load native addons, and disablenetwork needs its own: start Node ${flag}.`,
      { cause },
    );
  }
  return undefined;
}

function addonError(environment: LoadEnvironment, file: string, cause: unknown): DisableNetworkError {
  const { architecture, nodeVersion, root } = environment;
  const folders = ['build/Release', 'build/Debug', 'prebuilds', `prebuilds/linux-${architecture}`];
  const lines = [
    'The native addon of disablenetwork could not be loaded.',
    `Process: linux ${architecture}, Node ${nodeVersion}`,
    `Tried: ${file}`,
    `Reason: ${messageOf(cause)}`,
    'Found:',
    ...folders.map((folder) => `  ${path.join(root, folder)}: ${listing(environment, path.join(root, folder))}`),
    'What to do: install the package again without --omit or a changed platform (npm_config_arch, npm_config_platform, LIBC);',
    'copy the folder prebuilds along when you bundle; in a clone of the repository, run `npm run build`.',
  ];
  return new DisableNetworkError('ERR_DISABLENETWORK_ADDON', lines.join('\n'), { cause });
}

function listing(environment: LoadEnvironment, folder: string): string {
  try {
    return environment.list(folder).join(', ') || '(empty)';
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? '(absent)' : messageOf(error);
  }
}

function refusedFile(error: unknown): string | undefined {
  if (codeOf(error) !== 'ERR_ACCESS_DENIED') return undefined;
  return error instanceof Error && 'resource' in error ? String(error.resource) : 'PATH';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.trim().replaceAll(/\s*\n\s*/g, '; ') : String(error);
}
