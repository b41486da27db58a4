// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runInChild } from '../support/child';
import { timeFactor } from '../support/time';

jest.setTimeout(120_000);

describe('the list of descriptors', () => {
  it('has each once, in the calling thread’s table, and not the one by which it was read', async () => {
    const { listed, present } = await runInChild(({ native, fs }) => {
      const descriptors = native.listDescriptors();
      if (typeof descriptors === 'number') throw new Error(String(descriptors));
      // readdirSync() opens the folder, and the number is free again afterwards.
      const names = fs.readdirSync('/proc/self/fd').map(Number);
      return {
        listed: descriptors.map(({ fd }) => fd),
        present: names.filter((fd) => fs.existsSync(`/proc/self/fd/${fd}`) || fd < 3),
      };
    }, null);
    expect(listed.length).toBeGreaterThan(5);
    expect([...listed].sort((a, b) => a - b)).toEqual([...present].sort((a, b) => a - b));
  });

  it('leaves no descriptor open, and leaves the sockets as they were', async () => {
    const { first, last, before, after } = await runInChild(async (toolbox) => {
      const { native, fs, net, listen, exchange, startEchoServer, connect } = toolbox;
      const count = () => fs.readdirSync('/proc/self/fd').length;
      const echo = await startEchoServer();
      const socket = await connect(echo.port);
      const lists = Array.from({ length: 50 }, () => native.listDescriptors());
      await exchange(socket, 200_000);
      const countBefore = count();
      lists.push(native.listDescriptors());
      const server = net.createServer();
      await listen(server);
      native.listDescriptors();
      const answer = { first: lists[0], last: lists[50], before: countBefore, after: count() - 1 };
      server.close();
      return answer;
    }, null);
    expect(last).toEqual(first);
    expect(after).toBe(before);
  });

  it('keeps going while other threads open and close, for thousands of descriptors', async () => {
    const { milliseconds, sockets, listed } = await runInChild(
      async ({ native, syscalls, SYS, AF_INET, SOCK_DGRAM, workers, events }) => {
        const count = 3000;
        let opened = 0;
        while (opened < count && syscalls.syscall(SYS.socket, AF_INET, SOCK_DGRAM, 0) >= 0) opened += 1;
        const worker = new workers.Worker(
          `const { openSync, closeSync } = require('node:fs');
           require('node:worker_threads').parentPort.postMessage('ready');
           for (;;) { const fds = Array.from({ length: 50 }, () => openSync('/dev/null')); fds.forEach(closeSync); }`,
          { eval: true },
        );
        await events.once(worker, 'message');
        let found = 0;
        const start = performance.now();
        for (let round = 0; round < 5; round += 1) {
          const descriptors = native.listDescriptors();
          if (typeof descriptors === 'number') throw new Error(`-errno ${descriptors}`);
          found = descriptors.filter(({ socket }) => socket?.protocol === 17).length;
        }
        return { milliseconds: (performance.now() - start) / 5, sockets: opened, listed: found };
      },
      null,
    );
    expect(sockets).toBe(3000);
    expect(listed).toBe(sockets);
    expect(milliseconds).toBeLessThan(1000 * timeFactor);
  });

  it('needs no file system access under the permission model', () => {
    const script = `
      const { loadBinding } = require('./dist/native/load.js');
      const list = loadBinding().listDescriptors();
      if (!Array.isArray(list) || list.length < 3 || list.some(({ link }) => link === '')) process.exit(1);
      try { require('node:fs').readdirSync('/proc/self/fd'); process.exit(2); } catch {}`;
    const root = join(__dirname, '../..');
    // What loading takes; the modules may be a link, and one of them asks which C library this is.
    const files = [`${root}/*`, `${realpathSync(join(root, 'node_modules'))}/*`, '/etc/alpine-release'];
    const allowed = files.map((file) => `--allow-fs-read=${file}`);
    const flags = ['--permission', '--experimental-permission'];
    const results = flags.map(
      (flag) =>
        spawnSync(process.execPath, [flag, '--allow-addons', ...allowed, '-e', script], {
          cwd: root,
          encoding: 'utf8',
        }).status,
    );
    expect(results).toContain(0);
  });
});

describe('every family of sockets that this kernel makes', () => {
  // A netlink socket that was never told otherwise has the kernel for its peer.
  const stateOf = (kind: string) => (kind === 'netlink' ? 'connected' : 'unconnected');
  const families: readonly (readonly [string, number, number, number, string])[] = [
    ['TCP', 2, 1, 0, 'tcp'],
    ['TCP over IPv6', 10, 1, 6, 'tcp'],
    ['MPTCP', 2, 1, 262, 'mptcp'],
    ['UDP', 2, 2, 0, 'udp'],
    ['UDP over IPv6', 10, 2, 17, 'udp'],
    ['UDP-Lite', 2, 2, 136, 'udp'],
    ['raw ICMP', 2, 3, 1, 'raw'],
    ['raw with MPTCP’s number', 2, 3, 262, 'raw'],
    ['raw over IPv6', 10, 3, 58, 'raw'],
    ['packet', 17, 3, 0, 'packet'],
    ['cooked packet', 17, 2, 0, 'packet'],
    ['netlink', 16, 3, 0, 'netlink'],
    ['netlink datagram', 16, 2, 15, 'netlink'],
    ['vsock', 40, 1, 0, 'vsock'],
    ['Unix stream', 1, 1, 0, 'unix'],
    ['Unix datagram', 1, 2, 0, 'unix'],
    ['Unix messages', 1, 5, 0, 'unix'],
  ];

  it('is listed as what it is', async () => {
    const found = await runInChild(
      ({ native, inventory, syscalls, SYS }, list) =>
        list.map(([name, family, type, protocol]) => {
          const fd = syscalls.syscall(SYS.socket, family, type, protocol);
          const descriptor = inventory.takeInventory(native).find((each) => each.fd === fd);
          return [name, fd < 0 ? `errno ${-fd}` : (descriptor?.kind ?? 'missing'), descriptor?.state ?? null];
        }),
      families,
    );
    expect(found).toEqual(families.map(([name, , , , kind]) => [name, kind, stateOf(kind)]));
  });

  it('shows addresses and states', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inventory-'));
    try {
      const found = await runInChild(
        async ({ native, inventory, syscalls, SYS, net, dgram, events, listen, connect, unixAddress }, directory) => {
          const server = net.createServer();
          const port = await listen(server);
          await connect(port);
          const server6 = net.createServer().listen(0, '::1');
          await events.once(server6, 'listening');
          const udp = dgram.createSocket('udp4');
          await new Promise<void>((resolve) => udp.connect(port, '127.0.0.1', resolve));
          const path = `${directory}/a\nb`;
          const unix = net.createServer();
          await listen(unix, path);
          await connect(path);
          const abstract = syscalls.syscall(SYS.socket, 1, 2, 0);
          const name = unixAddress(`\0name\0\x01\x7f\\end-${process.pid}`);
          const bound = syscalls.syscall(SYS.bind, abstract, name, name.length);
          syscalls.syscall(SYS.socketpair, 1, 1, 0, Buffer.alloc(8));
          return { port, bound, pid: process.pid, list: inventory.takeInventory(native) };
        },
        folder,
      );
      const { port, list, pid } = found;
      expect(found.bound).toBe(0);
      const tcp = list.filter(({ kind }) => kind === 'tcp');
      const at = `127.0.0.1:${port}`;
      expect(tcp).toContainEqual(expect.objectContaining({ state: 'listening', local: at, remote: null }));
      expect(tcp).toContainEqual(expect.objectContaining({ state: 'connected', local: at }));
      expect(tcp).toContainEqual(expect.objectContaining({ state: 'connected', remote: at }));
      expect(tcp).toContainEqual(
        expect.objectContaining({
          family: 'AF_INET6',
          state: 'listening',
          local: expect.stringMatching(/^\[::1\]:\d+$/) as string,
        }),
      );
      expect(list).toContainEqual(expect.objectContaining({ kind: 'udp', state: 'connected', remote: at }));
      const unix = list.filter(({ kind }) => kind === 'unix');
      const path = `${folder}/a\\x0ab`;
      expect(unix).toContainEqual(expect.objectContaining({ state: 'listening', local: path }));
      expect(unix).toContainEqual(expect.objectContaining({ state: 'connected', local: null, remote: path }));
      expect(unix).toContainEqual(
        expect.objectContaining({ state: 'unconnected', local: `@name\\x00\\x01\\x7f\\x5cend-${pid}` }),
      );
      const nameless = unix.filter(({ state, local, remote }) => state === 'connected' && !local && !remote);
      expect(nameless.length).toBeGreaterThanOrEqual(2);
      for (const { networkNamespace } of tcp) expect(networkNamespace).toEqual(expect.any(Number));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has no namespace for one who may not know', async () => {
    const namespaces = await runInChild(
      ({ native, inventory, syscalls, SYS }) => {
        syscalls.syscall(SYS.socket, 2, 2, 0);
        return inventory.takeInventory(native).map(({ networkNamespace }) => networkNamespace);
      },
      null,
      { uid: 65534, gid: 65534 },
    );
    expect(namespaces).toContain(null);
    expect(namespaces.every((inode) => inode === null)).toBe(true);
  });
});
