// SPDX-License-Identifier: MIT
// Which of some hundred thousand faults are tried: by what each of them covers, and always the same ones.
import { createHash } from 'node:crypto';

import { type Fault, idOf, nameOfSetting, nameOfSite, slowDisturbances } from './fault';
import { type Recording, syscallFaults, threadFaults } from './record';

/** What a fault covers; a sample has one fault for each. */
type Key = (fault: Fault) => string;

const order = (fault: Fault): string => createHash('sha256').update(idOf(fault)).digest('hex');

/** The faults that are first, in an order without a pattern, to cover something new; then others up to `count`. */
export function choose(faults: readonly Fault[], keys: readonly Key[], count = 0): Fault[] {
  const sorted = faults
    .map((fault) => ({ fault, rank: order(fault) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .map(({ fault }) => fault);
  const chosen = new Set<Fault>();
  for (const key of keys) {
    const covered = new Set([...chosen].map(key));
    for (const fault of sorted) {
      if (covered.has(key(fault))) continue;
      covered.add(key(fault));
      chosen.add(fault);
    }
  }
  for (const fault of sorted) {
    if (chosen.size >= count) break;
    chosen.add(fault);
  }
  return [...chosen];
}

const isSlow = ({ what }: Fault): boolean => what.kind === 'thread' && slowDisturbances.includes(what.disturbance);

const errorOf = ({ what }: Fault): string =>
  what.kind === 'thread' ? what.disturbance : `${what.errno}${what.onwards ? '+' : ''}`;

const callOf = ({ what }: Fault): string => (what.kind === 'thread' ? what.disturbance : `${what.role}.${what.call}`);

const siteOf = ({ what }: Fault): string => (what.kind === 'thread' ? what.disturbance : nameOfSite(what));

/** A drop in so many parts, each of which a thread disturbs. */
const parts = 10;

/** Every place with every error, first and last; every call in every runtime; and others up to `count`. */
export function chooseMany(recordings: readonly Recording[], count: number): Fault[] {
  const lasts = new Map(
    recordings.flatMap(({ setting, sites }) =>
      sites.map((site) => [`${nameOfSetting(setting)} ${nameOfSite(site)}`, site.results.length]),
    ),
  );
  const position = ({ setting, what }: Fault): string => {
    if (what.kind === 'thread' || what.occurrence === 1) return 'first';
    return lasts.get(`${nameOfSetting(setting)} ${nameOfSite(what)}`) === what.occurrence ? 'last' : 'between';
  };
  const lengths = new Map(recordings.map(({ setting, steps }) => [nameOfSetting(setting), steps]));
  const part = ({ setting, what }: Fault): number => {
    const steps = lengths.get(nameOfSetting(setting)) ?? 1;
    return what.kind === 'thread' ? Math.floor(((what.step - 1) / steps) * parts) : 0;
  };
  const calls = choose(
    recordings.flatMap(syscallFaults),
    [
      (fault) => [fault.setting.provider, siteOf(fault), errorOf(fault), position(fault)].join(' '),
      (fault) => [fault.setting.runtime, callOf(fault), errorOf(fault)].join(' '),
      (fault) => [nameOfSetting(fault.setting), callOf(fault)].join(' '),
    ],
    count,
  );
  const threads = recordings.flatMap(threadFaults);
  const quick = choose(
    threads.filter((fault) => !isSlow(fault)),
    [(fault) => [fault.setting.provider, fault.setting.runtime, callOf(fault), part(fault)].join(' ')],
  );
  const slow = choose(threads.filter(isSlow), [
    (fault) => [fault.setting.provider, callOf(fault), part(fault)].join(' '),
  ]);
  return [...slow, ...quick, ...calls];
}

/** Every call, every kind of error of the ones that put something in force, and every disturbance, once. */
export function chooseFew(recordings: readonly Recording[]): Fault[] {
  const decisive = /^(seccomp|landlock_|prctl|dup3|clone|tgkill)/;
  const all = recordings.flatMap(syscallFaults);
  const isDecisive = ({ what }: Fault): boolean => what.kind === 'system call' && decisive.test(what.call);
  return [
    ...choose(recordings.flatMap(threadFaults), [callOf]),
    ...choose(all.filter(isDecisive), [(fault) => `${callOf(fault)} ${errorOf(fault).replace(/E\w+/, '')}`]),
    ...choose(
      all.filter((fault) => !isDecisive(fault)),
      [callOf],
    ),
  ];
}
