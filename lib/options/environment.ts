// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../errors';
import { resolveOptions } from './resolve';
import type { DisableNetworkOptions } from '../types';

const variable = 'DISABLENETWORK_OPTIONS';

/**
 * The options that `disablenetwork/register` takes from the environment, as JSON.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_OPTION`: they are no JSON or no valid options.
 */
export function readRegisterOptions(environment: NodeJS.ProcessEnv): DisableNetworkOptions {
  const text = environment[variable];
  if (text === undefined) return {};
  const options = parseJson(text);
  try {
    return resolveOptions(options);
  } catch (cause) {
    throw invalid(`: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(` is no JSON: write for example ${variable}='{"unixSockets":"all"}'.`, cause);
  }
}

function invalid(problem: string, cause: unknown): DisableNetworkError {
  return new DisableNetworkError('ERR_DISABLENETWORK_OPTION', `${variable}${problem}`, { cause });
}
