// SPDX-License-Identifier: MIT
// What each row is expected to come to: expected.txt, which explains its own form.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Expectation {
  /** By provider. */
  readonly verdicts: Readonly<Record<string, string>>;
  /** By environment, where it is not that of the provider. */
  readonly exceptions: Readonly<Record<string, string>>;
}

export function parseExpected(text: string): ReadonlyMap<string, Expectation> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const [[, ...providers] = [], ...rows] = lines.map((line) => line.split('|').map((field) => field.trim()));
  const expectations = new Map<string, Expectation>();
  for (const [id = '', ...fields] of rows) {
    const verdicts = providers.map((provider, index) => [provider, fields[index] ?? ''] as const);
    if (expectations.has(id)) throw new Error(`expected.txt has two lines for ${id}`);
    if (verdicts.some(([, verdict]) => verdict === '')) throw new Error(`expected.txt has too few verdicts for ${id}`);
    const exceptions = fields.slice(providers.length).flatMap((field) => parseException(field, id));
    expectations.set(id, { verdicts: Object.fromEntries(verdicts), exceptions: Object.fromEntries(exceptions) });
  }
  return expectations;
}

/** `lsm-6.1, seccomp-6.1: absent (EINVAL)` */
function parseException(field: string, id: string): (readonly [string, string])[] {
  const [, environments = '', verdict = ''] = /^([\w., -]+): (.+)$/.exec(field) ?? [];
  if (verdict === '') throw new Error(`expected.txt has an exception of ${id} that names no environment: ${field}`);
  return environments.split(', ').map((environment) => [environment, verdict]);
}

export const expectations = parseExpected(readFileSync(join(__dirname, 'expected.txt'), 'utf8'));

export function expectedVerdict(environment: string, id: string): string {
  const { verdicts = {}, exceptions = {} } = expectations.get(id) ?? {};
  const [provider = ''] = environment.split('-');
  return exceptions[environment] ?? verdicts[provider] ?? 'nothing is written down yet';
}
