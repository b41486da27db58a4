// SPDX-License-Identifier: MIT
// What a receipt and strict mode say of ways that are open, beyond the ids that the corpus looks at.
import { existsSync } from 'node:fs';

import { attackUnder, providers } from '../support/under-provider';

jest.setTimeout(120_000);

/** A setting that names a program for the kernel to run as root; a small kernel lacks the first. */
const rootHelper = ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/modprobe'].find(existsSync) ?? '';

it('without capabilities the limit is not named: there is no way', async () => {
  const result = await attackUnder(
    'landlock',
    ({ attack, fs }, helper) => {
      const { receipt } = attack.drop();
      let write = 'ok';
      try {
        fs.closeSync(fs.openSync(helper, 'r+'));
      } catch (error) {
        write = String((error as NodeJS.ErrnoException).code);
      }
      return { write, limits: receipt.limits.map(({ id }) => id) };
    },
    rootHelper,
    { uid: 65534, gid: 65534 },
  );
  expect(result.write).toBe('EACCES');
  expect(result.limits).not.toContain('privileged-process');
});

it.each(providers)('the limits of %s say how: a socket on its way, a shared table, shared memory', async (provider) => {
  const limits = await attackUnder(
    provider,
    ({ attack }) => attack.drop().receipt.limits.map(({ id, description }) => `${id}: ${description}`),
    null,
  );
  expect(limits.join('\n')).toMatch(/received-descriptors: .*unread .*descriptor table that both share/);
  expect(limits.join('\n')).toMatch(/unix-peers: .*memory that both share/);
});

it.each(providers)('the residual of %s names the descriptor of a polling ring', async (provider) => {
  const result = await attackUnder(
    provider,
    ({ attack, syscalls, Ring, ringFlags }) => {
      const ring = new Ring(syscalls, ringFlags.sqPoll);
      return { fd: ring.fd, refused: attack.drop().refused };
    },
    null,
  );
  expect(result.refused).toEqual(provider === 'lsm' ? [] : [['io-uring', result.fd]]);
});
