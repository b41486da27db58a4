// SPDX-License-Identifier: MIT
import { checkConfig, withoutSeries } from '../../../../vm/kernel/check-config';

const config = 'CONFIG_NET=y\n# CONFIG_TLS is not set\nCONFIG_LSM="landlock,yama"\nCONFIG_NR_CPUS=4\n';

it('finds nothing to say about lines that were honoured', () => {
  expect(
    checkConfig('CONFIG_NET=y\n# CONFIG_TLS is not set\n# CONFIG_ODD is not set\nCONFIG_NR_CPUS=4\n', config),
  ).toEqual([]);
});

it('names each line that was not', () => {
  expect(checkConfig('CONFIG_TLS=y\nCONFIG_NOSUCH=m\nCONFIG_NR_CPUS=8\n# CONFIG_NET is not set\n', config)).toEqual([
    { symbol: 'CONFIG_TLS', wanted: 'y', got: 'n' },
    { symbol: 'CONFIG_NOSUCH', wanted: 'm', got: 'n' },
    { symbol: 'CONFIG_NR_CPUS', wanted: '8', got: '4' },
    { symbol: 'CONFIG_NET', wanted: 'n', got: 'y' },
  ]);
});

it('lets a later line win', () => {
  expect(checkConfig('CONFIG_NR_CPUS=8\nCONFIG_NR_CPUS=4\n', config)).toEqual([]);
});

it('takes the series out of a fragment', () => {
  const text = 'CONFIG_SECURITY_DISABLENETWORK=y\nCONFIG_LSM="yama,disablenetwork,bpf"\nCONFIG_NET=y';
  expect(withoutSeries(text)).toBe('CONFIG_LSM="yama,bpf"\nCONFIG_NET=y');
  expect(withoutSeries('CONFIG_LSM="disablenetwork,bpf"')).toBe('CONFIG_LSM="bpf"');
});
