// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { everyPolicyBit, type NativeBinding, SeccompPolicy } from '../../../lib/native/binding';
import { loadBinding } from '../../../lib/native/load';
import { decodeFilter, type Instruction, runFilter, type SystemCall } from '../../../lib/kernel/filter-interpreter';
import { action, architecture, callNumber, ENOSYS, EPERM, expectedAction } from './model';

const policies = Array.from({ length: everyPolicyBit + 1 }, (_, policy) => policy);
const noArguments = [0n, 0n, 0n, 0n, 0n, 0n];

function programOf(binding: NativeBinding, policy: number): Instruction[] {
  const program = binding.seccompProgram(policy);
  if (typeof program === 'number') throw new Error(`No program for policy ${String(policy)}: ${String(program)}`);
  return decodeFilter(program);
}

function call(name: keyof typeof callNumber, ...args: bigint[]): SystemCall {
  return { number: callNumber[name], architecture: architecture.x86_64, args: [...args, ...noArguments].slice(0, 6) };
}

/** Random, but the same numbers in each run: xorshift32. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe('the seccomp filter', () => {
  const binding = loadBinding();
  const programs = policies.map((policy) => programOf(binding, policy));
  const programFor = (policy: number): Instruction[] => programs[policy] ?? [];

  it('starts with the architecture, for every policy', () => {
    for (const program of programs) {
      expect(program[0]).toEqual({ code: 0x20, whenTrue: 0, whenFalse: 0, value: 4 });
      expect(program[2]).toEqual({ code: 0x06, whenTrue: 0, whenFalse: 0, value: action.killProcess });
      for (const foreign of [architecture.i386, architecture.arm64, 0, 0xffffffff]) {
        expect(runFilter(program, { number: 0, architecture: foreign, args: noArguments })).toBe(action.killProcess);
      }
    }
  });

  it('answers ENOSYS to x32 numbers, and lets a call pass that a tracer skipped', () => {
    for (const number of [0x40000000, 0x40000000 + 41, 0x7fffffff, -2]) {
      const foreign = { number, architecture: architecture.x86_64, args: noArguments };
      expect(runFilter(programFor(0), foreign)).toBe(action.errno(ENOSYS));
    }
    expect(runFilter(programFor(0), { number: -1, architecture: architecture.x86_64, args: noArguments })).toBe(
      action.allow,
    );
  });

  it('refuses a policy with an unknown bit, and changes nothing', () => {
    const state = () => /^NoNewPrivs:.*$/m.exec(readFileSync('/proc/thread-self/status', 'utf8'))?.[0];
    const before = state();
    expect(binding.seccompProgram(everyPolicyBit + 1)).toBeLessThan(0);
    expect(binding.statusProgram(everyPolicyBit + 1)).toBeLessThan(0);
    expect(binding.finishDrop(everyPolicyBit + 1)).toBeLessThan(0);
    expect(state()).toBe(before);
    expect(before).toMatch(/0$/);
  });

  it('looks at the low half of a family alone, as the kernel does', () => {
    expect(runFilter(programFor(0), call('socket', 1n, 1n))).toBe(action.allow);
    expect(runFilter(programFor(0), call('socket', 0xffffffff_00000001n, 1n))).toBe(action.allow);
    expect(runFilter(programFor(0), call('socket', 0x1_00000002n, 1n))).toBe(action.errno(EPERM));
  });

  it('allows the options that are needed, whatever the upper half says, and no other of any level', () => {
    const answer = (level: bigint, option: bigint) => runFilter(programFor(0), call('setsockopt', 3n, level, option));
    const high = 1n << 32n;
    const needed = [[1n, 9n], [1n, 16n], [1n, 76n], [1n, 20n], [0n, 11n], [41n, 26n], [6n, 1n], [6n, 18n], [17n, 103n], [282n, 1n]] as const; // prettier-ignore
    for (const [level, option] of needed) {
      expect(answer(level, option)).toBe(action.allow);
      expect(answer(high | level, high | option)).toBe(action.allow);
    }
    // SO_DONTROUTE, SO_PRIORITY, SO_MARK, IP_TOS, IP_TRANSPARENT, IP_UNICAST_IF, IPV6_TCLASS, IPV6_FLOWLABEL_MGR,
    // TCP_REPAIR, IPV6_HDRINCL under SOL_RAW, the firewall of SOL_IP, ICMPV6, a level of the future.
    const leading = [[1n, 5n], [1n, 12n], [1n, 36n], [0n, 1n], [0n, 19n], [0n, 50n], [41n, 67n], [41n, 32n], [6n, 19n], [255n, 36n], [0n, 64n], [58n, 1n], [999n, 1n]] as const; // prettier-ignore
    for (const [level, option] of leading) {
      expect(answer(level, option)).toBe(action.errno(EPERM));
      expect(answer(high | level, high | option)).toBe(action.errno(EPERM));
    }
  });

  it('refuses to send past the routes', () => {
    for (const name of ['sendto', 'sendmmsg'] as const) {
      expect(runFilter(programFor(0), call(name, 3n, 0n, 0n, 4n))).toBe(action.errno(EPERM));
      expect(runFilter(programFor(0), call(name, 3n, 0n, 0n, 0x4040n))).toBe(action.allow);
    }
    expect(runFilter(programFor(0), call('sendmsg', 3n, 0n, 4n))).toBe(action.errno(EPERM));
    expect(runFilter(programFor(0), call('sendmsg', 3n, 0n, 0x4040n))).toBe(action.allow);
  });

  it('looks at both halves of a pointer', () => {
    const { denyNewUnixPeers } = SeccompPolicy;
    expect(runFilter(programFor(denyNewUnixPeers), call('sendto', 3n, 0n, 0n, 0n, 0n))).toBe(action.allow);
    expect(runFilter(programFor(denyNewUnixPeers), call('sendto', 3n, 0n, 0n, 0n, 1n))).toBe(action.errno(EPERM));
    expect(runFilter(programFor(denyNewUnixPeers), call('sendto', 3n, 0n, 0n, 0n, 1n << 32n))).toBe(
      action.errno(EPERM),
    );
  });

  it('never looks at calls that move bytes, so that the kernel can cache them', () => {
    const loads = new Set(programFor(everyPolicyBit).flatMap(({ code, value }) => (code === 0x20 ? [value] : [])));
    expect(loads.size).toBeGreaterThan(2);
    for (const name of ['read', 'epoll_wait', 'accept4', 'clone3', 'seccomp', 'add_key'] as const) {
      expect(touchesArguments(programFor(everyPolicyBit), callNumber[name])).toBe(false);
    }
    expect(touchesArguments(programFor(everyPolicyBit), callNumber.socket)).toBe(true);
  });

  it('agrees with the model on every listed call, with the arguments that matter', () => {
    const interesting = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 8n, 9n, 10n, 12n, 16n, 17n, 25n, 36n, 50n, 62n, 67n, 76n, 83n, 103n, 255n, 282n, 0x20000000n, 0x20004000n, 132n, 41n, 57n, 30n, 111n, 0x5412n, 0xffffffffn, 1n << 32n]; // prettier-ignore
    // The bits above these change nothing but the number of the answer.
    for (const policy of policies.slice(0, 16)) {
      for (const number of Object.values(callNumber)) {
        for (const first of interesting) {
          for (const second of interesting) {
            const sample = {
              number,
              architecture: architecture.x86_64,
              args: [first, second, second, first, second, first],
            };
            if (runFilter(programFor(policy), sample) !== expectedAction(policy, sample))
              throw disagreement(policy, sample);
          }
        }
      }
    }
  });

  it('agrees with the model on 200,000 random calls', () => {
    const random = createRandom(20091);
    const numbers = Object.values(callNumber);
    const values = [0, 1, 2, 4, 5, 6, 8, 10, 12, 17, 25, 31, 36, 67, 76, 83, 103, 282, 35, 39, 41, 42, 46, 48, 57, 110, 111, 132, 0x5412, 0x541c, 0x400454ca, 0xc004743e, 0x4004743d, 0x40047438, 0xaf01, 0x40042408, 0x4e455447, 0x20000000]; // prettier-ignore
    const denied = new Set<number>();
    for (let round = 0; round < 200_000; round += 1) {
      const argument = (): bigint => {
        const value = BigInt(random(4) === 0 ? random(2 ** 32) : (values[random(values.length)] ?? 0));
        return random(8) === 0 ? value | (BigInt(random(2 ** 32)) << 32n) : value;
      };
      const sample = {
        number: random(8) === 0 ? random(2 ** 32) | 0 : (numbers[random(numbers.length)] ?? 0),
        architecture: random(32) === 0 ? architecture.i386 : architecture.x86_64,
        args: Array.from({ length: 6 }, argument),
      };
      const policy = random(everyPolicyBit + 1);
      const answer = runFilter(programFor(policy), sample);
      if (answer !== expectedAction(policy, sample)) throw disagreement(policy, sample);
      if (answer === action.errno(EPERM)) denied.add(sample.number);
    }
    // The sample reached every call that the filter denies, or it would prove nothing.
    expect(denied.size).toBe(19);
  });
});

function disagreement(policy: number, { number, args }: SystemCall): Error {
  return new Error(
    `policy ${String(policy)}, call ${String(number)}(${args.map((value) => `0x${value.toString(16)}`).join(', ')})`,
  );
}

/** Whether a call of this number reaches a load of anything but the number and the architecture. */
function touchesArguments(program: readonly Instruction[], number: number): boolean {
  const taken = program.filter(({ code, value }) => code === 0x20 && value >= 16);
  const marked = program.map((instruction) =>
    taken.includes(instruction) ? { ...instruction, code: 0xffff } : instruction,
  );
  return runFilter(marked, { number, architecture: architecture.x86_64, args: noArguments }) === null;
}
