// SPDX-License-Identifier: MIT
import { parseArguments } from '../../../lib/command-line/parse';
import { dispatch } from '../../../vm/cli/dispatch';
import { bootOptions, kernelOptions, readOptions, testOptions } from '../../../vm/options';

const read = (...args: string[]) =>
  readOptions(parseArguments(args, { ...kernelOptions, ...bootOptions, ...testOptions }));

async function answer(...args: string[]) {
  const written = { output: '', error: '' };
  const code = await dispatch(args, {
    isTerminal: false,
    width: 80,
    writeOutput: (text) => (written.output += text),
    writeError: (text) => (written.error += text),
  });
  return { code, ...written };
}

it('reads every option', () => {
  const args = '--kernel 6.1 --no-patch --lsm yama,bpf --config a --config b --sanitizer kcsan --coverage --jobs 3';
  expect(
    read(
      ...args.split(' '),
      '--junit=x.xml',
      '--keep',
      '--program',
      'p',
      '--timeout',
      '9',
      '--memory',
      '512',
      '-v',
      '--share=/usr',
      '--overlay=x',
      '--environment=A=1=2',
      '--environment',
      'B=',
    ),
  ).toEqual({
    kernel: '6.1',
    patched: false,
    lsm: ['yama', 'bpf'],
    fragments: ['a', 'b'],
    sanitizer: 'kcsan',
    coverage: true,
    jobs: 3,
    keep: true,
    junit: 'x.xml',
    programs: ['p'],
    selftests: [],
    shares: ['/usr'],
    overlays: ['x'],
    environment: ['A=1=2', 'B='],
    memory: 512,
    timeout: 9,
    verbose: true,
  });
});

it('has a default for each', () => {
  expect(read()).toMatchObject({
    kernel: '6.12',
    patched: null,
    lsm: null,
    sanitizer: null,
    memory: null,
    timeout: 300,
    keep: false,
  });
});

it.each([
  [['test', '--patch', '--no-patch'], "options '--patch' and '--no-patch' contradict each other."],
  [['test', '--jobs', 'many'], "option '--jobs' needs a whole number above 0, not 'many'."],
  [['test', '--timeout', '0'], "option '--timeout' needs a whole number above 0, not '0'."],
  [['test', '--sanitizer', 'kasn'], "option '--sanitizer' cannot be 'kasn'. Did you mean 'kasan'?"],
  [['test', '--lsm', 'yama,yama'], "option '--lsm' names a security module twice."],
  [['test', '--lsm', 'yama;x'], "option '--lsm' has no security module 'yama;x'."],
  [['test', '--environment', '1=x'], "option '--environment' needs NAME=VALUE, not '1=x'."],
  [['test', '--environment', 'A'], "option '--environment' needs NAME=VALUE, not 'A'."],
  [['build', '--junit', 'x'], "unknown option '--junit'."],
  [['boot', 'x'], "unexpected argument 'x'."],
  [['bild'], "unknown command 'bild'. Did you mean 'build'?"],
  [[], 'no command given. Use one of: build, boot, test, bisect-run, or --help.'],
])('%j is a mistake of the command line', async (args, message) => {
  const { code, output, error } = await answer(...args);
  expect(code).toBe(2);
  expect(output).toBe('');
  expect(error).toContain(`disablenetwork-vm: ${message}`);
  expect(error.trimEnd().split('\n')).toHaveLength(1);
});

it('never lets git bisect take a mistake for a bad commit', async () => {
  expect(await answer('bisect-run', '--jobs', '0')).toMatchObject({ code: 255 });
  expect(await answer('bisect-run', '--kernel', '/no/such/tree')).toMatchObject({ code: 125 });
});

it.each(['build', 'boot', 'test', 'bisect-run'])('has a help for %s', async (verb) => {
  const { code, output } = await answer(verb, '--help');
  expect(code).toBe(0);
  expect(output).toContain(`Usage: disablenetwork-vm ${verb}`);
  expect(output).toContain('--kernel KERNEL');
});
