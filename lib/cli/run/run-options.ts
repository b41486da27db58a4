// SPDX-License-Identifier: MIT
import { providerNames, residualIds, unixSocketPolicies } from '../../ids';
import type { DisableNetworkOptions, ProviderName, ResidualId } from '../../types';
import { parseChoice, type OptionDeclarations, type ParsedArguments } from '../../command-line/parse';

const providers: readonly ('auto' | ProviderName)[] = ['auto', ...providerNames];

export const runOptionDeclarations: OptionDeclarations = {
  provider: {
    type: 'string',
    value: 'NAME',
    description: 'The least provider to accept: auto (default), lsm, landlock or seccomp.',
  },
  'unix-sockets': {
    type: 'string',
    value: 'POLICY',
    description: 'The Unix sockets that go on working: pathname (default), connected or all.',
  },
  listeners: {
    type: 'string',
    value: 'POLICY',
    description: 'Whether inherited listening sockets go on accepting: keep (default) or close.',
  },
  residuals: {
    type: 'string',
    value: 'POLICY',
    description:
      'What to do about inherited descriptors that would leave a way out: throw (default: do not ' +
      'start the command), close, or a list of residuals to accept, for example udp-socket,io-uring.',
  },
  receipt: { type: 'string', value: 'FILE', description: 'Write the receipt to FILE, as JSON.' },
  verbose: { type: 'boolean', short: 'v', description: 'Write the receipt to standard error.' },
};

/** The library's options, from those of the command line. */
export function readRunOptions({ values }: ParsedArguments): DisableNetworkOptions {
  const options: DisableNetworkOptions = { explain: false };
  const provider = values.get('provider');
  if (provider !== undefined) {
    options.provider = parseChoice('provider', provider, providers);
  }
  const unixSockets = values.get('unix-sockets');
  if (unixSockets !== undefined) {
    options.unixSockets = parseChoice('unix-sockets', unixSockets, unixSocketPolicies);
  }
  const listeners = values.get('listeners');
  if (listeners !== undefined) {
    options.listeners = parseChoice('listeners', listeners, ['keep', 'close']);
  }
  const residuals = values.get('residuals');
  if (residuals !== undefined) {
    options.residuals = readResiduals(residuals);
  }
  return options;
}

function readResiduals(value: string): 'throw' | 'close' | readonly ResidualId[] {
  if (value === 'throw' || value === 'close') {
    return value;
  }
  if (!value.includes(',')) {
    return [parseChoice('residuals', value, [...residualIds, 'throw', 'close'] as readonly ResidualId[])];
  }
  return value.split(',').map((id) => parseChoice('residuals', id.trim(), residualIds));
}
