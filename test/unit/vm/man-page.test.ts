// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { VmExitCode } from '../../../vm/exit-codes';
import { verbs } from '../../../vm/cli/verbs';

const root = path.resolve(__dirname, '../../..');
const file = path.join(root, 'man/disablenetwork-vm.1');
const source = readFileSync(file, 'utf8');
const { status, stdout, stderr } = spawnSync('groff', ['-mdoc', '-ww', '-b', '-Tascii', '-P-cbou', file], {
  encoding: 'utf8',
});

it('is formatted without a warning, and shipped', () => {
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('disablenetwork-vm -- build, boot and test Linux kernels');
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { man: readonly string[] };
  expect(manifest.man).toContain('./man/disablenetwork-vm.1');
});

it.each(verbs.map(({ name }) => name))('tells of the command %s', (name) => {
  expect(source).toMatch(new RegExp(`^\\.It Cm ${name}$`, 'm'));
});

const options = [...new Set(verbs.flatMap((verb) => Object.keys(verb.options)))];

it.each(options)('tells of the option --%s', (name) => {
  expect(source).toMatch(new RegExp(`^\\.It .*Fl Fl ${name}( |$)`, 'm'));
});

it('tells of no option that there is not', () => {
  const told = [...source.matchAll(/^\.It .*Fl Fl ([\w-]+)/gm)].map((match) => match[1]);
  expect(told.filter((name) => !options.includes(name ?? ''))).toEqual([]);
});

it.each(Object.values(VmExitCode))('tells of the exit status %d', (code) => {
  expect(stdout.slice(stdout.indexOf('EXIT STATUS'))).toMatch(new RegExp(`\\b${code}\\b`));
});
