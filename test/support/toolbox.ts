// SPDX-License-Identifier: MIT
// What the function that a test runs in a child has at hand. It cannot use the imports of its own
// file, for only its text reaches the child. Modules are loaded when they are first named.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { createAttack } from './attack';
import type { Channel } from './channel';
import * as network from './network';
import * as peer from './peer';
import * as ring from './ring';
import * as ringAttack from './ring-attack';
import type { SyscallAddon } from './syscall-addon';
import * as systemCalls from './system-calls';
import * as terminal from './terminal';

/** What the kernel says of one thread of this process. */
export interface ThreadStatus {
  tid: number;
  name: string;
  noNewPrivileges: number;
  /** 2 is filter mode. */
  seccomp: number;
  /** For example `network=off nosuid=on`; empty on a kernel without the patch. */
  kernelPatch: string;
}

/** The threads of this process, as /proc has them. */
export function threadStatuses(): ThreadStatus[] {
  const hasPatch = existsSync('/proc/self/attr/disablenetwork');
  return readdirSync('/proc/self/task').flatMap((tid) => {
    let status: string;
    let kernelPatch = '';
    try {
      status = readFileSync(`/proc/self/task/${tid}/status`, 'utf8');
      if (hasPatch) kernelPatch = readFileSync(`/proc/self/task/${tid}/attr/disablenetwork/current`, 'utf8').trim();
    } catch {
      return []; // It ended.
    }
    const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
    return [
      {
        tid: Number(tid),
        name: field('Name'),
        noNewPrivileges: Number(field('NoNewPrivs')),
        seccomp: Number(field('Seccomp')),
        kernelPatch,
      },
    ];
  });
}

export function createToolbox(repository: string, addonPath: string, channel: Channel) {
  const load = createRequire(`${repository}/package.json`);
  return {
    /** Tells the test something while the function runs. */
    report: (value: unknown): void => {
      channel.write({ report: value });
    },
    /** The next thing that the test sends. */
    next: async <Value>(): Promise<Value> => (await channel.read()) as Value,
    threadStatuses,
    ...network,
    ...peer,
    ...systemCalls,
    ...ring,
    ...ringAttack,
    ...terminal,
    get library() {
      return load('./dist/index.js') as typeof import('../../lib/index');
    },
    /** The library's own addon, for what has no public function. */
    get native() {
      return (load('./dist/native/load.js') as typeof import('../../lib/native/load')).loadBinding();
    },
    get inventory() {
      return load('./dist/inventory/index.js') as typeof import('../../lib/inventory/index');
    },
    get syscalls() {
      return load(addonPath) as SyscallAddon;
    },
    /** What an attacker with native code has at hand. */
    get attack() {
      return createAttack(load(addonPath) as SyscallAddon, load('./dist/index.js') as typeof import('../../lib/index'));
    },
    get certificate() {
      return (createRequire(__filename)('./certificate') as typeof import('./certificate')).createCertificate();
    },
    get protocols() {
      return createRequire(__filename)('./protocols') as typeof import('./protocols');
    },
    /** For the code of a Worker, which gets no toolbox. */
    paths: { library: `${repository}/dist/index.js`, syscalls: addonPath },
    get assert() {
      return process.getBuiltinModule('node:assert/strict');
    },
    get childProcess() {
      return process.getBuiltinModule('node:child_process');
    },
    get cluster() {
      return process.getBuiltinModule('node:cluster') as unknown as typeof import('node:cluster').default;
    },
    get crypto() {
      return process.getBuiltinModule('node:crypto');
    },
    get dgram() {
      return process.getBuiltinModule('node:dgram');
    },
    get dns() {
      return process.getBuiltinModule('node:dns');
    },
    get events() {
      return process.getBuiltinModule('node:events');
    },
    get fs() {
      return process.getBuiltinModule('node:fs');
    },
    get http() {
      return process.getBuiltinModule('node:http');
    },
    get http2() {
      return process.getBuiltinModule('node:http2');
    },
    get https() {
      return process.getBuiltinModule('node:https');
    },
    get inspector() {
      return process.getBuiltinModule('node:inspector');
    },
    get net() {
      return process.getBuiltinModule('node:net');
    },
    get os() {
      return process.getBuiltinModule('node:os');
    },
    get path() {
      return process.getBuiltinModule('node:path');
    },
    get stream() {
      return process.getBuiltinModule('node:stream');
    },
    get timers() {
      return process.getBuiltinModule('node:timers/promises');
    },
    get tls() {
      return process.getBuiltinModule('node:tls');
    },
    get workers() {
      return process.getBuiltinModule('node:worker_threads');
    },
    get zlib() {
      return process.getBuiltinModule('node:zlib');
    },
    get pg() {
      return load('pg') as typeof import('pg');
    },
    get Redis() {
      return (load('ioredis') as typeof import('ioredis')).Redis;
    },
    get ws() {
      return load('ws') as typeof import('ws');
    },
  };
}

export type Toolbox = ReturnType<typeof createToolbox>;
