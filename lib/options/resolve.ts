// SPDX-License-Identifier: MIT
import { inspect } from 'node:util';
import { DisableNetworkError } from '../errors';
import { providerNames, residualIds, unixSocketPolicies } from '../ids';
import type { DisableNetworkOptions, ProviderName, ResidualId, UnixSocketPolicy } from '../types';
import { nearest } from './nearest';

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly provider: 'auto' | ProviderName;
  readonly unixSockets: UnixSocketPolicy;
  readonly listeners: 'keep' | 'close';
  readonly residuals: 'throw' | 'close' | readonly ResidualId[];
  readonly explain: boolean;
}

const optionNames = ['provider', 'unixSockets', 'listeners', 'residuals', 'explain'] as const;

/**
 * Checks everything before anything happens.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_OPTION`: the message names the option, the value
 * and what may stand there.
 */
export function resolveOptions(options: unknown = {}): ResolvedOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(`options must be an object, not ${describe(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (!(optionNames as readonly string[]).includes(name)) {
      throw invalid(`unknown option '${name}'.${nearest(name, optionNames)}`);
    }
  }
  const {
    provider = 'auto',
    unixSockets = 'pathname',
    listeners = 'keep',
    residuals = 'throw',
    explain = true,
  } = options as Partial<Record<(typeof optionNames)[number], unknown>>;
  return {
    provider: oneOf('provider', provider, ['auto', ...providerNames]),
    unixSockets: oneOf('unixSockets', unixSockets, unixSocketPolicies),
    listeners: oneOf('listeners', listeners, ['keep', 'close']),
    residuals: resolveResiduals(residuals),
    explain: resolveBoolean('explain', explain),
  } satisfies Required<DisableNetworkOptions>;
}

function resolveResiduals(value: unknown): ResolvedOptions['residuals'] {
  if (!Array.isArray(value)) return oneOf<'throw' | 'close'>('residuals', value, ['throw', 'close']);
  return (value as unknown[]).map((id) => oneOf('residuals', id, residualIds));
}

function oneOf<T extends string>(option: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  const hint = typeof value === 'string' ? nearest(value, allowed) : ` Use one of: ${allowed.join(', ')}.`;
  throw invalid(`option '${option}' cannot be ${describe(value)}.${hint}`);
}

function resolveBoolean(option: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw invalid(`option '${option}' must be true or false, not ${describe(value)}.`);
}

function invalid(message: string): DisableNetworkError {
  return new DisableNetworkError('ERR_DISABLENETWORK_OPTION', `disableNetwork: ${message}`);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' || typeof value === 'function' ? describeObject(value) : inspect(value);
}

function describeObject(value: object | null): string {
  return value === null ? 'null' : `a ${typeof value}`;
}
