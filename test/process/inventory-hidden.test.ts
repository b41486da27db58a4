// SPDX-License-Identifier: MIT
// What hides from a list: under another name, under no name, in the table of another thread.
import { constants } from 'node:os';

import { runInChild } from '../support/child';

jest.setTimeout(120_000);

const mounting = { launcher: ['unshare', '--mount'] };

it('the memory of a process is found under every name', async () => {
  const found = await runInChild(
    ({ native, inventory, fs, os, childProcess }) => {
      const sleeper = childProcess.spawn('sleep', ['100'], { stdio: 'ignore' });
      const folder = fs.mkdtempSync(`${os.tmpdir()}/dn-`);
      const memory = `/proc/${String(sleeper.pid)}/mem`;
      const run = (...command: string[]) => childProcess.execFileSync(command[0] ?? '', command.slice(1));
      fs.mkdirSync(`${folder}/proc`);
      run('mount', '-t', 'proc', 'proc', `${folder}/proc`);
      for (const name of ['plain', 'comm', 'maps']) {
        fs.writeFileSync(`${folder}/${name}`, '');
        run('mount', '--bind', memory, `${folder}/${name}`);
      }
      const paths = ['plain', 'comm', 'maps', `proc/${String(sleeper.pid)}/mem`].map((name) => `${folder}/${name}`);
      const opened = paths.map((path) => fs.openSync(path, 'r+'));
      // What is harmless stays so.
      fs.openSync(`/proc/self/comm`, 'r+');
      fs.openSync(`/proc/${String(sleeper.pid)}/maps`, 'r');
      const kinds = inventory.takeInventory(native).filter(({ kind }) => kind === 'process-memory');
      run('umount', '--recursive', '--lazy', ...paths.slice(0, 3), `${folder}/proc`);
      fs.rmSync(folder, { recursive: true });
      sleeper.kill();
      return { opened, found: kinds.map(({ fd }) => fd) };
    },
    null,
    mounting,
  );
  expect(found.found).toEqual(found.opened);
  expect(found.found).toHaveLength(4);
});

it('a device is found although its path is too long for the kernel to write out', async () => {
  const found = await runInChild(({ native, inventory, fs, os, childProcess, attack, library }) => {
    const folder = fs.mkdtempSync(`${os.tmpdir()}/dn-`);
    const before = process.cwd();
    process.chdir(folder);
    for (let depth = 0; depth < 20; depth += 1) {
      fs.mkdirSync('d'.repeat(250));
      process.chdir('d'.repeat(250));
    }
    childProcess.execFileSync('mknod', ['node', 'c', '10', '200']);
    const fd = attack.call('openat', -100, Buffer.from('node\0'), 2, 0);
    process.chdir(before);
    childProcess.execFileSync('rm', ['-r', folder]);
    const device = inventory.takeInventory(native).filter((descriptor) => descriptor.fd === fd);
    const { closed } = library.disableNetwork({ residuals: 'close' });
    return { device, closed: closed.map((descriptor) => descriptor.fd === fd) };
  }, null);
  expect(found.device).toMatchObject([{ kind: 'network-device', link: '', closable: true }]);
  expect(found.closed).toContain(true);
});

it('what another thread has in a table of its own is judged as the own is', async () => {
  const found = await runInChild(({ attack, childProcess, fs, library, os, syscalls, SYS }) => {
    const sleeper = childProcess.spawn('sleep', ['100'], { stdio: 'ignore' });
    const folder = fs.mkdtempSync(`${os.tmpdir()}/dn-`);
    const thread = new syscalls.NativeThread();
    const look = () => library.planDisableNetwork().residuals.filter(({ id }) => id === 'descriptor-table');
    thread.syscall(SYS.unshare, 0x400); // CLONE_FILES
    const ways = [look().length];
    const open = (path: string) => () => thread.syscall(attack.number.openat, -100, Buffer.from(`${path}\0`), 2, 0);
    childProcess.execFileSync('mknod', [`${folder}/node`, 'c', '10', '200']);
    const inside: [string, () => number][] = [
      [`/proc/${String(sleeper.pid)}/mem`, open(`/proc/${String(sleeper.pid)}/mem`)],
      ['anon_inode:[userfaultfd]', () => thread.syscall(attack.number.userfaultfd, 0)],
      [`${folder}/node`, open(`${folder}/node`)],
    ];
    const named = inside.map(([link, make]) => {
      const fd = make();
      const [residual] = look();
      thread.syscall(SYS.close, fd);
      return fd >= 0 && residual?.ways.join().endsWith(`: ${link}`) === true;
    });
    // A pipe and a file are harmless there.
    open('/dev/null')();
    thread.syscall(attack.number.pipe2, Buffer.alloc(8), 0);
    ways.push(look().length);
    fs.rmSync(folder, { recursive: true });
    sleeper.kill();
    return { ways, named };
  }, null);
  expect(found).toEqual({ ways: [0, 0], named: [true, true, true] });
});

it('tables that cannot be told apart are an error, and not all of them foreign or none', async () => {
  const found = await runInChild(
    ({ attack, native }) => {
      const before = native.listThreads(0);
      const taken: number[] = [];
      for (let fd = attack.call('dup', 0); fd >= 0; fd = attack.call('dup', 0)) taken.push(fd);
      // One number is left for the folder of the threads, and none for what marks the own table.
      attack.call('close', taken.pop() ?? -1);
      const without = native.listThreads(0);
      for (const fd of taken) attack.call('close', fd);
      return { before: typeof before === 'object' && before.length > 0, taken: taken.length > 10, without };
    },
    null,
    { launcher: ['prlimit', '--nofile=256:256'] },
  );
  expect(found).toEqual({ before: true, taken: true, without: -constants.errno.EMFILE });
});

it('a tracee is found although /proc does not say who traces it', async () => {
  const found = await runInChild(
    ({ attack, fs, native, startSleeper }) => {
      const [traced, child] = [startSleeper(), startSleeper()];
      attack.call('ptrace', 0x4206, traced, 0, 0); // PTRACE_SEIZE
      const before = native.listTracees();
      process.setgroups?.([]);
      process.setgid?.(61234);
      process.setuid?.(61234);
      attack.call('prctl', 4, 1, 0, 0, 0); // PR_SET_DUMPABLE: /proc/self belongs to this user.
      let hidden = 'readable';
      try {
        fs.readFileSync(`/proc/${String(traced)}/status`);
      } catch (error) {
        hidden = String((error as NodeJS.ErrnoException).code);
      }
      const after = native.listTracees();
      return { before: same(before), after: typeof after === 'object' && after.includes(traced), hidden };

      function same(tids: unknown): boolean {
        return JSON.stringify(tids) === JSON.stringify([traced]) && traced !== child;
      }
    },
    null,
    {
      launcher: [
        ...['unshare', '--mount', 'sh', '-c'],
        ...['mount -t proc -o hidepid=noaccess proc /proc && exec "$@"', 'sh'],
      ],
    },
  );
  expect(found).toEqual({ before: true, after: true, hidden: 'EPERM' });
});
