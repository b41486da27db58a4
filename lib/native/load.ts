// SPDX-License-Identifier: MIT
import path from 'node:path';
import { DisableNetworkError } from '../errors';
import { addonError, codeOf, foreignAddonError, type Search } from './addon-error';
import type { NativeBinding } from './binding';
import { type Bundle, detectBundle } from './bundle';
import { addonFile, type Attempt, requireAddon } from './require-addon';
import { version } from './version';

/** What loading asks of the process; the unit tests hand in another one. */
export interface LoadEnvironment {
  readonly platform: string;
  readonly architecture: string;
  readonly nodeVersion: string;
  /** The package's own folder: the parent of `prebuilds` and `dist`. */
  readonly root: string;
  /** Absent when Node's permission model is off. */
  readonly permission: { has(scope: string, reference?: string): boolean } | undefined;
  /** Asked only when loading fails. */
  detectBundle(): Bundle;
  requireAddon(architecture: string): Attempt;
}

const supportedArchitectures: readonly string[] = ['x64', 'arm64'];

const processEnvironment = (): LoadEnvironment => ({
  platform: process.platform,
  architecture: process.arch,
  nodeVersion: process.version,
  // In a bundle there is none, and an ES module has no such name at all.
  root: typeof __dirname === 'string' ? path.resolve(__dirname, '../..') : '',
  permission: process.permission,
  detectBundle,
  requireAddon,
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
  const attempt = environment.requireAddon(environment.architecture);
  if ('cause' in attempt) {
    throw permissionError(environment, attempt.cause) ?? addonError(describeSearch(environment), attempt.cause);
  }
  checkIdentity(environment, attempt.addon);
  return attempt.addon as NativeBinding;
}

function describeSearch(environment: LoadEnvironment): Search {
  const { architecture, nodeVersion, root } = environment;
  return { architecture, nodeVersion, root, file: addonFile(architecture), bundle: environment.detectBundle() };
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

/** A bundler may put another addon in this one's place, or one of another version of this package. */
function checkIdentity(environment: LoadEnvironment, addon: unknown): void {
  const found = typeof addon === 'object' && addon !== null ? (addon as { name?: unknown; version?: unknown }) : {};
  const wanted = `disablenetwork ${version}`;
  if (found.name === 'disablenetwork' && found.version === version) return;
  const actual = found.name === 'disablenetwork' ? `disablenetwork ${String(found.version)}` : 'another addon';
  throw foreignAddonError(describeSearch(environment), actual, wanted);
}

/** Node's permission model refuses addons, and files, unless the command line allows them. */
function permissionError(environment: LoadEnvironment, cause: unknown): DisableNetworkError | undefined {
  const { permission, root } = environment;
  const rootIsHidden = permission?.has('fs.read', root) === false && environment.detectBundle() === undefined;
  const hidden = rootIsHidden ? root : refusedFile(cause);
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

function refusedFile(error: unknown): string | undefined {
  if (codeOf(error) !== 'ERR_ACCESS_DENIED') return undefined;
  const { resource } = error as { resource?: unknown };
  return typeof resource === 'string' ? resource : 'PATH';
}
