// SPDX-License-Identifier: MIT
// The filter of every policy against the promise, on random calls, and before a real kernel.
import { everyPolicyBit } from '../../../lib/native/binding';
import { loadBinding } from '../../../lib/native/load';
import { type Random, repeat, say, timeLimit } from '../support/budget';
import { AUDIT_ARCH_X86_64, type Call, promise, rules } from './contract';
import { execute } from './machine';

const short = 3;
jest.setTimeout(timeLimit(short));

const binding = loadBinding();
const programs = Array.from({ length: everyPolicyBit + 1 }, (_, policy) => {
  const program = binding.seccompProgram(policy);
  if (typeof program === 'number') throw new Error(`policy ${String(policy)} has no program: ${String(program)}`);
  return Buffer.from(program);
});

/** Every number that any program compares with: a rule that the promise lacks is found by its own constants. */
const constants = [
  ...new Set(
    programs.flatMap((program) =>
      Array.from({ length: program.length / 8 }, (_, at) => program.readUInt32LE(at * 8 + 4)),
    ),
  ),
];
const numbers = [...new Set(rules.flatMap((rule) => rule.numbers))];
const interesting = [
  0, 1, 2, 5, 10, 15, 16, 17, 0x7fffffff, 0x80000000, 0xffffffff, 0x4e455447, 0x20000000, 0xdfffffff,
];

function randomWord(random: Random): number {
  const near = (value: number): number => (value + random.below(3) - 1) >>> 0;
  switch (random.below(6)) {
    case 0:
      return random.word();
    case 1:
      return random.pick(interesting);
    case 2:
      return near(random.pick(constants));
    case 3:
      return (random.pick(constants) | random.pick(constants)) >>> 0;
    case 4:
      return random.below(140);
    default:
      return random.pick(constants);
  }
}

function randomNumber(random: Random): number {
  switch (random.below(12)) {
    case 0:
      return random.word() | 0;
    case 1:
      return randomWord(random) | 0;
    case 2:
      return random.below(470);
    case 3:
      return random.pick(numbers) | (1 << (24 + random.below(8))) | 0;
    case 4:
      return random.pick([-1, -2, 0x3fffffff, 0x40000000, 0x7fffffff, -0x80000000, 0x40000000 + random.below(600)]);
    default:
      return random.onceIn(3) ? 54 : random.pick(numbers);
  }
}

/** Where two or three arguments have to meet, chance alone would take too long. */
function meetingArguments(random: Random, number: number): number[] {
  if (number === 55 && random.onceIn(2)) return [3, 132, 110 + random.below(3)];
  if (number === 54 || number === 55) return [3, random.pick([0, 1, 6, 41, 132]), random.below(116)];
  if (number === 16) return [3, random.pick([0x5412, 0x541c, 0x400454ca, 0xc004743e, 0xaf01, randomWord(random)])];
  if (number === 41 || number === 53) return [random.below(3), random.below(32)];
  if (number === 157) return [random.pick([0x4e455447, 0x4e455453, randomWord(random)])];
  if (number === 426) return [3, random.pick([0, 0, 0, 1]), random.pick([0, 0, 0, 1]), random.pick([16, 16, 17, 0])];
  return [];
}

function randomCall(random: Random): Call {
  const number = randomNumber(random);
  const fixed = random.onceIn(4) ? [] : meetingArguments(random, number);
  const args = Array.from({ length: 6 }, (_, place) => {
    const half = BigInt(fixed[place] ?? randomWord(random));
    return random.onceIn(6) ? half | (BigInt(randomWord(random)) << 32n) : half;
  });
  const architecture = random.onceIn(48)
    ? random.pick([0x40000003, 0xc00000b7, 0, randomWord(random)])
    : AUDIT_ARCH_X86_64;
  return { number, architecture, args };
}

test('the filter says what the promise says', () => {
  const reached = new Map<string, number>();
  let calls = 0;
  repeat('filter', short, (random) => {
    const policy = random.below(everyPolicyBit + 1);
    for (let left = 500; left > 0; left -= 1) {
      const call = randomCall(random);
      const { answer, rule } = promise(policy, call);
      const given = execute(programs[policy] as Buffer, call);
      if (given !== answer) throw new Error(explain(policy, call, given, answer, rule));
      reached.set(rule, (reached.get(rule) ?? 0) + 1);
      calls += 1;
    }
  });
  say('filter', { calls, reached: Object.fromEntries(reached) });
  // Or the run would prove nothing about a rule.
  expect([...reached.keys()].sort()).toEqual(
    [
      ...rules.map(({ name }) => name),
      'another architecture',
      'a call that a tracer skipped',
      'x32',
      'everything else',
    ].sort(),
  );
});

function explain(
  policy: number,
  { number, architecture, args }: Call,
  given: number,
  wanted: number,
  rule: string,
): string {
  const hex = (value: number | bigint): string => `0x${value.toString(16)}`;
  return `policy ${String(policy)}, architecture ${hex(architecture)}, call ${String(number)}(${args.map(hex).join(', ')}): the filter answers ${hex(given)}, the promise ${hex(wanted)} (${rule})`;
}

test('the comparison notices a filter that differs in one place', () => {
  let noticed = 0;
  const tries = 40;
  const rounds = repeat('filter with a planted fault', 0, (random) => {
    for (let left = tries; left > 0; left -= 1) {
      const program = Buffer.from(programs[0] as Buffer);
      const at = random.below(program.length / 8);
      program.writeUInt32LE((program.readUInt32LE(at * 8 + 4) ^ (1 << random.below(16))) >>> 0, at * 8 + 4);
      if (differs(program, random)) noticed += 1;
    }
  });
  // A bit of a constant may be one that no call of the sample depends on.
  expect(noticed).toBeGreaterThan(rounds * tries * 0.5);
});

function differs(program: Buffer, random: Random): boolean {
  for (let left = 8000; left > 0; left -= 1) {
    const call = randomCall(random);
    try {
      if (execute(program, call) !== promise(0, call).answer) return true;
    } catch {
      return true;
    }
  }
  return false;
}

test('the kernel takes the program of each policy, and no program of a policy that is none', () => {
  for (let policy = 0; policy <= everyPolicyBit; policy += 1) {
    expect({ policy, answer: binding.trialDrop(policy, 0, 0) }).toEqual({ policy, answer: 0 });
  }
  expect(binding.trialDrop(everyPolicyBit + 1, 0, 0)).toBeLessThan(0);
});
