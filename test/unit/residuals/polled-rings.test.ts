// SPDX-License-Identifier: MIT
import { toDescriptor } from '../../../lib/inventory/take-inventory';
import { findPolledRings } from '../../../lib/residuals/polled-rings';
import { thread } from '../fake-binding';

const ring = toDescriptor(
  {
    fd: 21,
    link: 'anon_inode:[io_uring]',
    mode: 0o600,
    writable: true,
    device: null,
    driver: null,
    inProc: false,
    socket: null,
  },
  new Set(),
);
const find = (text: string | null) => findPolledRings([ring], [thread(7), thread(8)], () => text);

describe('a ring under the kernel patch', () => {
  it('is no way out when nobody polls it, or a thread of this process', () => {
    expect(find('SqMask:\t0x7\nSqThread:\t-1\nSqThreadCpu:\t-1\n')).toEqual([]);
    expect(find('SqMask:\t0x7\nSqThread:\t8\nSqThreadCpu:\t1\n')).toEqual([]);
  });

  it('is one when another process polls it, or when it is not known who does', () => {
    for (const text of ['SqThread:\t9\n', 'SqThread:\t77\n', 'SqThread:\n-1\n', 'pos:\t0\n', null]) {
      expect(find(text)).toMatchObject([{ id: 'io-uring', descriptor: { fd: 21 }, closable: true }]);
    }
  });

  it('is one when it is only mapped: nobody can be asked who polls it', () => {
    const mapped = { ...ring, fd: -1, closable: false };
    const found = findPolledRings([mapped], [thread(7)], () => 'SqThread:\t-1\n');
    expect(found).toMatchObject([{ id: 'io-uring', descriptor: { fd: -1 }, closable: false }]);
  });

  it('is asked again when nobody seems to poll it: the kernel says so too while the ring is locked', () => {
    const texts = [...Array.from({ length: 8 }, () => 'SqThread:\t-1\n'), 'SqThread:\t77\n'];
    const found = findPolledRings([ring], [thread(7)], () => texts.shift() ?? null);
    expect(found).toMatchObject([{ id: 'io-uring', descriptor: { fd: 21 } }]);
  });
});
