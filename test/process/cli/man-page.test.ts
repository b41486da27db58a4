// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commands, globalOptions } from '../../../lib/cli/dispatch';
import { ExitCode } from '../../../lib/cli/exit-codes';
import { residualIds } from '../../../lib/ids';
import { repository } from '../../support/folders';
import { runProgram } from './command';

const file = path.join(repository, 'man/disablenetwork.1');
const source = readFileSync(file, 'utf8');

/** The page as plain text, and every warning. */
function format(page: string) {
  return runProgram('groff', ['-mdoc', '-ww', '-b', '-Tascii', '-P-cbou', page]);
}

it('is formatted without a warning', () => {
  const { status, stdout, stderr } = format(file);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('disablenetwork -- take the network away from a process');
  // The check itself works.
  const folder = mkdtempSync(path.join(tmpdir(), 'dn-man-'));
  const broken = path.join(folder, 'broken.1');
  writeFileSync(broken, source.replace('.Sh EXIT STATUS', '.Shh EXIT STATUS'));
  expect(format(broken).stderr).toContain('Shh');
  rmSync(folder, { recursive: true });
});

describe('tells of', () => {
  const text = format(file).stdout;

  it.each(commands.map(({ name }) => name))('the command %s', (name) => {
    expect(source).toMatch(new RegExp(`^\\.It Cm ${name}$`, 'm'));
  });

  const options = [globalOptions, ...commands.map((command) => command.options)].flatMap((set) => Object.keys(set));
  it.each([...new Set(options)])('the option --%s', (name) => {
    expect(source).toMatch(new RegExp(`^\\.It .*Fl Fl ${name}( |$)`, 'm'));
  });

  it('no option that there is not', () => {
    const told = [...source.matchAll(/^\.It .*Fl Fl ([\w-]+)/gm)].map((match) => match[1]);
    expect(told.filter((name) => !options.includes(name ?? ''))).toEqual([]);
  });

  it.each(residualIds)('the residual %s', (id) => {
    expect(source).toMatch(new RegExp(`^\\.Cm ${id}( [,.])?$`, 'm'));
  });

  it.each(Object.values(ExitCode))('the exit status %d', (code) => {
    expect(text.slice(text.indexOf('EXIT STATUS'))).toMatch(new RegExp(`\\b${code}\\b`));
  });
});
