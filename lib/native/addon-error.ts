// SPDX-License-Identifier: MIT
import path from 'node:path';
import { DisableNetworkError } from '../errors';
import { type Bundle, bundleAdvice } from './bundle';

/** Where the addon was looked for, and by whom. */
export interface Search {
  readonly architecture: string;
  readonly nodeVersion: string;
  readonly root: string;
  readonly file: string;
  readonly bundle: Bundle;
}

/** The addon could not be loaded: says which of the possible reasons it was, and what to do. */
export function addonError(search: Search, cause: unknown): DisableNetworkError {
  const [reason, advice] = explain(search, cause);
  return refusal(search, reason, advice, { cause });
}

/** Something else lay in the addon's place. It was loaded, and nothing of it has been called. */
export function foreignAddonError(search: Search, found: string, wanted: string): DisableNetworkError {
  const place = search.bundle === undefined ? path.join(search.root, search.file) : path.basename(search.file);
  const reason = `what was found as ${place} is ${found}, not ${wanted}`;
  return refusal(search, reason, remedy(search), {});
}

function refusal(search: Search, reason: string, advice: string, details: { cause?: unknown }): DisableNetworkError {
  const lines = [
    `The native addon of disablenetwork could not be loaded: ${reason}.`,
    `What to do: ${advice}.`,
    `Process: linux ${search.architecture}, Node ${search.nodeVersion}`,
  ];
  return new DisableNetworkError('ERR_DISABLENETWORK_ADDON', lines.join('\n'), details);
}

function explain(search: Search, cause: unknown): readonly [reason: string, advice: string] {
  const { bundle, root, file } = search;
  const message = messageOf(cause);
  if (codeOf(cause) !== 'ERR_DLOPEN_FAILED') {
    if (bundle !== undefined) return [`it was left out of the bundle (${message})`, remedy(search)];
    const missing = codeOf(cause) === 'MODULE_NOT_FOUND';
    return [missing ? `${path.join(root, file)} is missing` : message, remedy(search)];
  }
  if (/failed to map segment|operation not permitted|permission denied/i.test(message)) {
    const advice = 'put the package where programs may be run: the file lies on a file system that forbids it (noexec)';
    return [message, advice];
  }
  return [`the file is damaged or made for another machine (${message})`, remedy(search)];
}

function remedy({ bundle, file }: Search): string {
  if (bundle !== undefined) return `${bundleAdvice(bundle)}; docs/bundlers.md of the package has the whole of it`;
  return (
    'install the package again (`npm ci`); where another program copies the package (an image, a layer), ' +
    `let it copy ${file} along; in a clone of the repository, run \`npm run build\``
  );
}

// Neither asks for the class: jest, and whatever else runs code in a realm, has an Error of its own.

export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** In one line: Node adds the modules that asked for the file. */
function messageOf(error: unknown): string {
  const text = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return (String(text).split('\n')[0] ?? '').trim();
}
