// SPDX-License-Identifier: MIT
// A socket is closed only when no descriptor of it is left: the receipt has to name each of them.
import { runInChild } from '../../support/child';
import { byProvider } from '../support/provider';

jest.setTimeout(120_000);

it("residuals: 'close' closes each duplicate of a socket, and says so", async () => {
  const result = await runInChild(({ attack, library, AF_INET, SOCK_DGRAM }) => {
    const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
    const copy = attack.call('dup', fd);
    const receipt = library.disableNetwork({ residuals: 'close' });
    const name = new Map([
      [fd, 'socket'],
      [copy, 'duplicate'],
    ]);
    return receipt.closed.map((closed) => name.get(closed.fd) ?? String(closed.fd)).sort();
  }, null);
  // What the kernel refuses at use is no residual, and needs no closing.
  expect(result).toEqual(byProvider({ lsm: [], landlock: ['duplicate', 'socket'] }));
});
