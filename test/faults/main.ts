// SPDX-License-Identifier: MIT
// The command line of the matrix: scripts/faults.mjs starts it.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { repository } from '../support/folders';
import { type Fault, idOf, nameOfSetting, parseId, type Setting } from './support/fault';
import { tryAll, tryFault, type Tried, withPlace } from './support/matrix';
import { record, syscallFaults, threadFaults } from './support/record';
import { describeFailure, makeReport, type Report, tableOf } from './support/report';
import type { Place } from './support/run';
import { chooseFew, chooseMany } from './support/sample';
import { allSettings, fewSettings } from './support/settings';

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    every: { type: 'boolean', default: false },
    count: { type: 'string', default: '3400' },
    only: { type: 'string' },
    provider: { type: 'string' },
    runtime: { type: 'string' },
    scene: { type: 'string' },
    part: { type: 'string', default: '1/1' },
    replay: { type: 'string' },
    list: { type: 'boolean', default: false },
    package: { type: 'string', default: repository },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function isWanted({ provider, runtime, scene }: Setting): boolean {
  const wishes = [
    [values.provider, provider],
    [values.runtime?.replace(/^(\d)/, 'node$1'), runtime],
    [values.scene, scene],
  ];
  return wishes.every(([wish, value]) => wish === undefined || wish === value);
}

/** `--only` names a system call, a disturbance, or the beginning of what stands behind the setting. */
function isOfInterest({ setting, what }: Fault): boolean {
  const { only } = values;
  if (only === undefined) return true;
  const name = idOf({ setting, what }).slice(nameOfSetting(setting).length + 1);
  return (what.kind === 'thread' ? what.disturbance : what.call) === only || name.startsWith(only);
}

async function collectFaults(place: Place): Promise<Fault[]> {
  const isLong = values.all || values.every || values.only !== undefined;
  const settings = (isLong ? allSettings() : fewSettings()).filter(isWanted);
  const recordings = [];
  for (const setting of settings) {
    const recording = await record(place, setting);
    const calls = recording.sites.reduce((sum, { results }) => sum + results.length, 0);
    say(
      `${nameOfSetting(setting)}: ${calls} calls that are watched, ${recording.sites.length} places, ${recording.milliseconds} ms`,
    );
    recordings.push(recording);
  }
  if (values.every)
    return recordings.flatMap((one) => [...threadFaults(one), ...syscallFaults(one)]).filter(isOfInterest);
  if (!isLong) return chooseFew(recordings);
  return chooseMany(recordings, values.only === undefined ? Number(values.count) : 0).filter(isOfInterest);
}

/** `--part 2/6`: the second sixth of them, of every kind alike. */
function partOf(faults: readonly Fault[]): Fault[] {
  const [part = 1, parts = 1] = values.part.split('/').map(Number);
  return faults.filter((_, index) => index % parts === part - 1);
}

async function replay(place: Place, id: string): Promise<boolean> {
  const tried = await tryFault(place, parseId(id));
  say(describeFailure(tried));
  return tried.verdict.problems.length === 0;
}

/** As it goes: a long run that is ended has told what it found. */
function keepReport(report: Report): Report {
  const file = path.join(repository, '.results/faults.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

async function runMatrix(place: Place): Promise<boolean> {
  const start = performance.now();
  const faults = partOf(await collectFaults(place));
  say(`${faults.length} faults`);
  if (values.list) {
    faults.forEach((fault) => say(idOf(fault)));
    return true;
  }
  const done: Tried[] = [];
  const keep = () => keepReport(makeReport(done, Math.round((performance.now() - start) / 1000)));
  await tryAll(place, faults, (tried) => {
    done.push(tried);
    if (tried.verdict.problems.length > 0) say(describeFailure(tried));
    if (done.length % 100 === 0) say(`${done.length} of ${faults.length}, ${keep().seconds} s`);
  });
  const report = keep();
  say(tableOf(report));
  say(JSON.stringify({ ...report, rows: undefined, failures: undefined }));
  return report.failed === 0 && report.faults > 0;
}

void withPlace(path.resolve(values.package), (place) =>
  values.replay === undefined ? runMatrix(place) : replay(place, values.replay),
).then((isGood) => process.exit(isGood ? 0 : 1));
