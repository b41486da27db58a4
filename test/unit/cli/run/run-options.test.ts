// SPDX-License-Identifier: MIT
import { parseArguments } from '../../../../lib/command-line/parse';
import { readRunOptions, runOptionDeclarations } from '../../../../lib/cli/run/run-options';
import { providerNames, residualIds, unixSocketPolicies } from '../../../../lib/ids';

const read = (...args: string[]) => readRunOptions(parseArguments(args, runOptionDeclarations, true));

it('explains nothing: another program follows', () => {
  expect(read()).toEqual({ explain: false });
});

it.each(['auto', ...providerNames])('--provider %s', (provider) => {
  expect(read('--provider', provider)).toEqual({ explain: false, provider });
});

it.each(unixSocketPolicies)('--unix-sockets %s', (unixSockets) => {
  expect(read('--unix-sockets', unixSockets)).toEqual({ explain: false, unixSockets });
});

it.each(['keep', 'close'])('--listeners %s', (listeners) => {
  expect(read('--listeners', listeners)).toEqual({ explain: false, listeners });
});

it.each(['throw', 'close'])('--residuals %s', (residuals) => {
  expect(read('--residuals', residuals)).toEqual({ explain: false, residuals });
});

it('--residuals with each name, alone and in a list', () => {
  for (const id of residualIds) {
    expect(read('--residuals', id)).toEqual({ explain: false, residuals: [id] });
  }
  expect(read('--residuals', residualIds.join(', '))).toEqual({ explain: false, residuals: residualIds });
});

it.each<[string[], string]>([
  [['--provider', 'lanlock'], "option '--provider' cannot be 'lanlock'. Did you mean 'landlock'?"],
  [['--unix-sockets', 'some'], "option '--unix-sockets' cannot be 'some'. Use one of: pathname, connected, all."],
  [['--listeners', 'clsoe'], "option '--listeners' cannot be 'clsoe'. Did you mean 'close'?"],
  [['--residuals', 'thorw'], "option '--residuals' cannot be 'thorw'. Did you mean 'throw'?"],
  [['--residuals', 'udp-sockt'], "option '--residuals' cannot be 'udp-sockt'. Did you mean 'udp-socket'?"],
  [['--residuals', 'udp-socket,io-urng'], "option '--residuals' cannot be 'io-urng'. Did you mean 'io-uring'?"],
  [['--residuals', 'udp-socket,close'], "option '--residuals' cannot be 'close'. Use one of: tcp-socket, "],
  [['--residuals', 'udp-socket,'], "option '--residuals' cannot be ''. Use one of: tcp-socket, "],
])('refuses %j', (args, message) => {
  expect(() => read(...args)).toThrow(message);
});
