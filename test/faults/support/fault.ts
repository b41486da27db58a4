// SPDX-License-Identifier: MIT
// What is done to one drop, and its name: `landlock/node20/openat:/proc/self/task#3=EMFILE`.
import type { Provider, Scene } from '../program/launch';

/** One way of running a drop. */
export interface Setting {
  readonly provider: Provider;
  /** `node20`, or `host`: the Node that runs the harness. */
  readonly runtime: string;
  readonly scene: Scene;
}

export type Role = 'caller' | 'child' | 'thread';

/** A call at one place: what it is about tells places apart. */
export interface Site {
  readonly role: Role;
  readonly call: string;
  readonly about: string;
}

export interface SyscallFault extends Site {
  readonly kind: 'system call';
  readonly occurrence: number;
  /** Every later occurrence fails as well. */
  readonly onwards: boolean;
  readonly errno: string;
}

/** The numbers of ../native/control.h and order.h. */
export const disturbances = {
  silent: 1,
  blink: 2,
  exit: 3,
  fork: 4,
  vfork: 5,
  'vfork-long': 6,
  born: 7,
  chain: 8,
  udp: 9,
  tcp: 10,
  stop: 100,
} as const;
export type Disturbance = keyof typeof disturbances;

/** The drop waits for these as long as it waits for anybody. */
export const slowDisturbances: readonly Disturbance[] = ['silent', 'vfork-long'];

export interface ThreadFault {
  readonly kind: 'thread';
  readonly disturbance: Disturbance;
  /** Before so many system calls of the caller. */
  readonly step: number;
}

export interface Fault {
  readonly setting: Setting;
  readonly what: SyscallFault | ThreadFault;
}

export const nameOfSetting = ({ provider, runtime, scene }: Setting): string =>
  `${provider}/${runtime}${scene === 'plain' ? '' : `+${scene}`}`;

export function nameOfSite({ role, call, about }: Site): string {
  return `${role === 'caller' ? '' : `${role}.`}${call}${about === '' ? '' : `:${about}`}`;
}

export function idOf({ setting, what }: Fault): string {
  const where = nameOfSetting(setting);
  if (what.kind === 'thread') return `${where}/${what.disturbance}@${what.step}`;
  return `${where}/${nameOfSite(what)}#${what.occurrence}${what.onwards ? '+' : ''}=${what.errno}`;
}

const idForm = /^(lsm|landlock|seccomp)\/([a-z0-9]+)(?:\+(workers|first))?\/(.+)$/;
const syscallForm = /^(?:(child|thread)\.)?(\w+)(?::([^#]*))?#(\d+)(\+?)=(E[A-Z0-9]+)$/;
const threadForm = /^([a-z-]+)@(\d+)$/;

export function parseId(id: string): Fault {
  const [, provider, runtime = '', scene = 'plain', rest = ''] = idForm.exec(id) ?? [];
  const setting = { provider, runtime, scene } as Setting;
  const thread = threadForm.exec(rest);
  if (thread !== null) {
    const [, disturbance = '', step] = thread;
    if (!(disturbance in disturbances)) throw new Error(`there is no disturbance ${disturbance}`);
    return { setting, what: { kind: 'thread', disturbance: disturbance as Disturbance, step: Number(step) } };
  }
  const syscall = syscallForm.exec(rest);
  if (syscall === null) throw new Error(`${id} is no name of a fault`);
  const [, role = 'caller', call = '', about = '', occurrence, plus, errno = ''] = syscall;
  const site = { role: role as Role, call, about };
  return {
    setting,
    what: { kind: 'system call', ...site, occurrence: Number(occurrence), onwards: plus === '+', errno },
  };
}
