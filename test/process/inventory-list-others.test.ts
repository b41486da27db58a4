// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runInChild } from '../support/child';

jest.setTimeout(120_000);

describe('what is no socket', () => {
  it('is found: TUN, whatever the device file is called, and the memory of a process', async () => {
    const sleeper = spawn('sleep', ['100'], { stdio: 'ignore' });
    await once(sleeper, 'spawn');
    try {
      const found = await runInChild(({ native, inventory, fs }, pid) => {
        fs.openSync('/dev/net/tun', 'r+');
        fs.openSync(`/proc/${pid}/mem`, 'r');
        return inventory.takeInventory(native).map(({ kind, link, closable }) => ({ kind, link, closable }));
      }, sleeper.pid ?? 0);
      expect(found.filter(({ kind }) => kind !== 'unix')).toEqual([
        { kind: 'network-device', link: '/dev/net/tun', closable: true },
        { kind: 'process-memory', link: `/proc/${sleeper.pid}/mem`, closable: true },
      ]);
    } finally {
      sleeper.kill();
    }
  });

  it('is found: an io_uring with and without a polling thread, mapped and not', async () => {
    const states = await runInChild(async ({ native, inventory, syscalls, SYS, threadStatuses, fs, timers }) => {
      const rings = () => {
        const list = inventory.takeInventory(native).filter(({ kind }) => kind === 'io-uring');
        return list.map(({ fd, closable }) => ({ open: fd >= 0, closable }));
      };
      const createRing = (flags: number) => {
        const parameters = Buffer.alloc(120);
        parameters.writeUInt32LE(flags, 8);
        const fd = syscalls.syscall(SYS.io_uring_setup, 8, parameters);
        if (fd < 0) throw new Error(`io_uring_setup: errno ${-fd}`);
        return fd;
      };
      const none = rings();
      const plain = createRing(0);
      const unmapped = rings();
      fs.closeSync(plain);
      const polling = createRing(2);
      const isPolling = () => threadStatuses().some(({ name }) => name.startsWith('iou-sqp'));
      while (!isPolling()) await timers.setTimeout(10); // The thread names itself when it first runs.
      syscalls.syscall(SYS.mmap, 0, 4096, 3, 1, polling, 0);
      const mapped = rings();
      fs.closeSync(polling);
      return { none, unmapped, mapped, onlyMapped: rings() };
    }, null);
    expect(states).toEqual({
      none: [],
      unmapped: [{ open: true, closable: true }],
      mapped: [{ open: true, closable: false }],
      onlyMapped: [{ open: false, closable: false }],
    });
  });

  it('is passed over: files that are called like sockets and rings', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inventory-'));
    try {
      openSync(join(folder, 'socket:[1]'), 'w');
      const kinds = await runInChild(({ native, inventory, fs }, directory) => {
        for (const name of ['socket:[1]', 'anon_inode:[io_uring]', 'mem']) fs.openSync(`${directory}/${name}`, 'w');
        return inventory.takeInventory(native).map(({ kind }) => kind);
      }, folder);
      expect(kinds.filter((kind) => kind !== 'unix')).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('threads', () => {
  it('are read from /proc, io_uring’s worker among them, whatever they call themselves', async () => {
    const { states, own } = await runInChild(async ({ native, inventory, syscalls, SYS, fs, timers }) => {
      const parameters = Buffer.alloc(120);
      parameters.writeUInt32LE(2, 8);
      syscalls.syscall(SYS.io_uring_setup, 8, parameters);
      fs.writeFileSync(`/proc/self/task/${process.pid}/comm`, 'x) S 1 1 1 16\n');
      await timers.setTimeout(200); // io_uring's thread names itself when it first runs.
      const threads = native.listThreads(0);
      if (typeof threads === 'number') throw new Error(String(threads));
      return { states: threads.map(inventory.parseThreadStatus), own: process.pid };
    }, null);
    expect(states.length).toBeGreaterThan(6);
    expect(states.filter(({ kernelWorker }) => kernelWorker).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^iou-sqp-/),
    ]);
    expect(states.find(({ tid }) => tid === own)).toMatchObject({ name: 'x) S 1 1 1 16\\n', kernelWorker: false });
  });

  it('with a descriptor table of their own are told from the others', async () => {
    const found = await runInChild(({ native, inventory, syscalls, SYS, AF_INET, SOCK_STREAM }) => {
      const foreign = () => {
        const threads = native.listThreads(0);
        const own = native.listDescriptors();
        if (typeof threads === 'number' || typeof own === 'number') throw new Error('no /proc');
        const tables = threads.map((state) => state.foreign).filter((table) => typeof table !== 'number');
        return inventory.findForeignDescriptors(tables.flat(), own).length;
      };
      const thread = new syscalls.NativeThread();
      const shared = thread.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
      const whileShared = foreign();
      if (thread.syscall(SYS.unshare, 0x400) !== 0) throw new Error('unshare(CLONE_FILES)');
      const afterCopy = foreign();
      thread.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
      const afterOpening = foreign();
      // What is killed here lives on in the copy.
      const copy = inventory.takeInventory(native).filter(({ fd }) => fd === shared);
      const killed = native.killDescriptors(copy, 10_000);
      return { whileShared, afterCopy, afterOpening, killed, afterKilling: foreign() };
    }, null);
    expect(found).toEqual({ whileShared: 0, afterCopy: 0, afterOpening: 1, killed: [0], afterKilling: 2 });
  });
});
