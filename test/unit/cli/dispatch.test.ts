// SPDX-License-Identifier: MIT
import { commands, dispatch } from '../../../lib/cli/dispatch';
import { DisableNetworkError } from '../../../lib/errors';
import { createFakeContext } from './fake-context';

/** The exit code, the output and the errors of a command line. */
function run(args: string[], overrides = {}) {
  const context = createFakeContext(overrides);
  return { exitCode: dispatch(args, context), ...context.written, calls: context.calls };
}

const names = commands.map(({ name }) => name);

it('shows the version', () => {
  for (const option of ['--version', '-V']) {
    expect(run([option])).toEqual({ exitCode: 0, output: '1.2.3\n', errors: '', calls: [] });
  }
});

it('shows a help that names every command', () => {
  for (const option of ['--help', '-h']) {
    const { exitCode, output, errors } = run([option]);
    expect([exitCode, errors]).toEqual([0, '']);
    for (const name of names) {
      expect(output).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  }
});

it.each(names)('shows a help for %s that names every option and exit code, within 80 columns', (name) => {
  const command = commands.find((candidate) => candidate.name === name);
  for (const option of ['--help', '-h']) {
    const { exitCode, output, errors, calls } = run([name, option]);
    expect([exitCode, errors, calls]).toEqual([0, '', []]);
    expect(output).toContain(`Usage: disablenetwork ${name} `);
    for (const declared of Object.keys(command?.options ?? {})) {
      expect(output).toContain(`--${declared}`);
    }
    for (const [code] of command?.exitCodes ?? []) {
      expect(output).toMatch(new RegExp(`^  ${code} `, 'm'));
    }
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  }
});

it.each([
  [[], 'no command given. Use one of: run, check, status, ps, or --help.'],
  [['chek'], "unknown command 'chek'. Did you mean 'check'?"],
  [['help'], "unknown command 'help'. Use one of: run, check, status, ps."],
  [['--verson'], "unknown option '--verson'. Did you mean '--version'?"],
  [['check', '--jsno'], "unknown option '--jsno'. Did you mean '--json'?"],
  [['check', 'more'], "unexpected argument 'more'."],
  [['ps', '1'], "unexpected argument '1'."],
  [['status', '1', '2'], "unexpected argument '2'."],
  [['run'], 'no command to run. Write: disablenetwork run [OPTION]... -- COMMAND [ARGUMENT]...'],
  [['run', '--resdiuals', 'close', '--', 'x'], "unknown option '--resdiuals'. Did you mean '--residuals'?"],
])('answers bad input %j with one line and exit code 2', (args, message) => {
  expect(run(args)).toEqual({ exitCode: 2, output: '', errors: `disablenetwork: ${message}\n`, calls: [] });
});

it('answers its own failure with one line, the code, and exit code 125', () => {
  const kernelSupport = () => {
    throw new DisableNetworkError('ERR_DISABLENETWORK_ADDON', 'Build it.');
  };
  expect(run(['check'], { kernelSupport })).toMatchObject({
    exitCode: 125,
    output: '',
    errors: 'disablenetwork: Build it. (ERR_DISABLENETWORK_ADDON)\n',
  });
});

it('answers what nobody thought of with exit code 125, too', () => {
  const kernelSupport = () => {
    throw new TypeError('oops');
  };
  expect(run(['check'], { kernelSupport })).toMatchObject({ exitCode: 125, errors: 'disablenetwork: oops\n' });
});
