// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '../../../../vm/kernel/check-config';
import { readFragments, type FragmentOptions } from '../../../../vm/kernel/fragments';

const plain: FragmentOptions = { base: '6.12', patched: true, sanitizer: null, coverage: false, files: [] };
const config = (changes: Partial<FragmentOptions> = {}) => readConfig(readFragments({ ...plain, ...changes }));

it('has the module, and no sanitizer unless one is asked for', () => {
  const values = config();
  expect(values.get('CONFIG_SECURITY_DISABLENETWORK')).toBe('y');
  for (const symbol of ['KASAN', 'KCSAN', 'GCOV_KERNEL']) expect(values.get(`CONFIG_${symbol}`)).toBeUndefined();
});

it('adds what is asked for, each checker by name', () => {
  const symbols = ['KASAN', 'UBSAN_BOUNDS', 'PROVE_LOCKING', 'DEBUG_ATOMIC_SLEEP', 'DEBUG_LIST'];
  const kasan = config({ sanitizer: 'kasan' });
  for (const symbol of symbols) expect(kasan.get(`CONFIG_${symbol}`)).toBe('y');
  expect(config({ sanitizer: 'kcsan' }).get('CONFIG_KCSAN')).toBe('y');
  expect(config({ coverage: true }).get('CONFIG_GCOV_KERNEL')).toBe('y');
});

it('asks an unpatched kernel for nothing that only the series has', () => {
  const values = config({ patched: false });
  expect(values.get('CONFIG_SECURITY_DISABLENETWORK')).toBeUndefined();
  expect(values.get('CONFIG_LSM')).not.toContain('disablenetwork');
});

it("gives the user's own lines the last word, also about the series", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'dn-fragments-'));
  const file = path.join(folder, 'own.config');
  writeFileSync(file, 'CONFIG_LSM="yama"\n# CONFIG_IPV6 is not set\n');
  const values = config({ patched: false, files: [file] });
  expect([values.get('CONFIG_LSM'), values.get('CONFIG_IPV6')]).toEqual(['"yama"', 'n']);
  rmSync(folder, { recursive: true });
});

it('says which fragment is not there', () => {
  expect(() => readFragments({ ...plain, files: ['/no/such.config'] })).toThrow(
    'there is no configuration fragment /no/such.config',
  );
});
