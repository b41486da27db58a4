// SPDX-License-Identifier: MIT
// A drop where descriptors are short: all of it or nothing, and the reason that is said is the true one.
import { runInChild } from '../../support/child';

jest.setTimeout(120_000);

it.each([0, 1, 2, 3, 5, 8, 40])('with %i free descriptors', async (free) => {
  const { error, dropped } = await runInChild(({ library, fs, syscalls, SYS }, count) => {
    library.planDisableNetwork();
    const open: number[] = [];
    try {
      for (;;) open.push(fs.openSync('/dev/null', 'r'));
    } catch {
      for (const fd of open.splice(open.length - count)) fs.closeSync(fd);
    }
    try {
      library.disableNetwork({ residuals: 'close' });
      return { error: null, dropped: syscalls.syscall(SYS.socket, 2, 2, 0) === -1 };
    } catch (thrown) {
      const { code, message } = thrown as NodeJS.ErrnoException;
      open.splice(0, 10).forEach((fd) => {
        fs.closeSync(fd);
      });
      return { error: { code, message }, dropped: syscalls.syscall(SYS.socket, 2, 2, 0) === -1 };
    }
  }, free);
  if (free === 40) {
    expect({ error, dropped }).toEqual({ error: null, dropped: true });
    return;
  }
  expect(dropped).toBe(error === null);
  if (error !== null) {
    expect(error.code).toBe('ERR_DISABLENETWORK_KERNEL');
    expect(error.message).toMatch(/EMFILE\. .*RLIMIT_NOFILE .*ulimit -n.*Nothing was changed\.$/);
    expect(error.message).not.toMatch(/mount|pid namespace/);
  }
  // With nothing free there is nothing that can be asked.
  if (free === 0) expect(error).not.toBeNull();
});
