// SPDX-License-Identifier: MIT
import {
  checkPositionals,
  parseArguments,
  parseChoice,
  type OptionDeclarations,
} from '../../../lib/command-line/parse';
import { UsageError } from '../../../lib/command-line/usage-error';

const options: OptionDeclarations = {
  provider: { type: 'string', value: 'NAME', description: '' },
  verbose: { type: 'boolean', short: 'v', description: '' },
};

const parse = (args: string[], stop = false) => {
  const { flags, values, positionals } = parseArguments(args, options, stop);
  return { flags: [...flags], values: [...values], positionals };
};

const message = (args: string[]): string => {
  try {
    parse(args);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return 'no error';
};

it('reads options in each of their forms', () => {
  expect(parse(['--provider', 'seccomp', '-v', 'x'])).toEqual({
    flags: ['verbose'],
    values: [['provider', 'seccomp']],
    positionals: ['x'],
  });
  expect(parse(['--provider=seccomp', '--verbose'])).toMatchObject({ values: [['provider', 'seccomp']] });
});

it('leaves the options of a command that is to be run alone', () => {
  expect(parse(['-v', 'curl', '-v', '--provider'], true)).toEqual({
    flags: ['verbose'],
    values: [],
    positionals: ['curl', '-v', '--provider'],
  });
  expect(parse(['-v', '--', '--odd', '--', '-x'], true).positionals).toEqual(['--odd', '--', '-x']);
  expect(parse(['--'], true).positionals).toEqual([]);
  expect(parse(['--', '', ' '], true).positionals).toEqual(['', ' ']);
});

it('takes everything after -- for positionals', () => {
  expect(parse(['--', '-v']).positionals).toEqual(['-v']);
});

it.each([
  [['--porvider', 'x'], "unknown option '--porvider'. Did you mean '--provider'?"],
  [['--verbos'], "unknown option '--verbos'. Did you mean '--verbose'?"],
  [['-x'], "unknown option '-x'. Use one of: --provider, --verbose."],
  [['--toString'], "unknown option '--toString'. Use one of: --provider, --verbose."],
  [['--__proto__'], "unknown option '--__proto__'. Use one of: --provider, --verbose."],
  [['--no-verbose'], "unknown option '--no-verbose'. Did you mean '--verbose'?"],
  [['--verbose=yes'], "option '--verbose' takes no value."],
  [['--provider'], "option '--provider' needs a value: --provider NAME."],
  [['--provider='], "option '--provider' needs a value: --provider NAME."],
  [['-v', '--verbose'], "option '--verbose' is given twice."],
  [['--provider', 'a', '--provider', 'b'], "option '--provider' is given twice."],
  [['--\u001b[31m'], "unknown option '--\\x1b[31m'. Use one of: --provider, --verbose."],
])('refuses %j', (args, expected) => {
  expect(message(args)).toBe(expected);
});

it('refuses a positional too many', () => {
  expect(() => checkPositionals(['1', '2'], 1)).toThrow("unexpected argument '2'.");
  expect(() => checkPositionals(['1'], 1)).not.toThrow();
});

it('checks a value against its choices', () => {
  expect(parseChoice('listeners', 'keep', ['keep', 'close'])).toBe('keep');
  expect(() => parseChoice('listeners', 'kep', ['keep', 'close'])).toThrow(
    "option '--listeners' cannot be 'kep'. Did you mean 'keep'?",
  );
  expect(() => parseChoice('listeners', 'stop it', ['keep', 'close'])).toThrow(
    "option '--listeners' cannot be 'stop it'. Use one of: keep, close.",
  );
});
