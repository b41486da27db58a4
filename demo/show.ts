// SPDX-License-Identifier: MIT
import { performance } from 'node:perf_hooks';
import type { Receipt } from 'disablenetwork';
import { goOnLines, type Line, loadLines, type Trial, wayOutLines } from './lines';
import { Load } from './load';
import type { Stage } from './set-up';
import { makeRow, type Row, Table } from './table';
import { newToken } from './token';

const clients = 8;

export interface Result {
  readonly lines: number;
  /** What is not as promised, a sentence each. */
  readonly problems: readonly string[];
  readonly receipt: Receipt | null;
  readonly dropMilliseconds: number;
  /** What a refused fetch() says. */
  readonly explanation: string;
}

interface ShownLine {
  readonly line: Line;
  readonly row: Row;
}

/** Tries every line, drops the network under load, and tries every line again. */
export async function show(stage: Stage, withDrop: boolean, output: NodeJS.WriteStream): Promise<Result> {
  const load = new Load(stage.service.port, clients);
  const ways = wayOutLines(stage).map(shown);
  const others = goOnLines(stage).map(shown);
  const last = loadLines(load).map(shown);
  const lines = [...ways, ...others, ...last];
  const rows = (part: readonly ShownLine[]): Row[] => part.map(({ row }) => row);
  const table = new Table(
    [
      { title: 'WAYS OUT', rows: rows(ways) },
      { title: 'MUST GO ON', rows: rows([...last, ...others]) },
    ],
    output,
  );
  const pace = new Pace(load);
  const draw = (): void => table.draw(pace.status());
  const ticker = setInterval(draw, 100);
  const problems: string[] = [];
  try {
    for (const { line, row } of lines) {
      const trial = await attempt(() => line.before());
      row.before = { text: trial.shown, mood: 'plain' };
      if (trial.problem !== null) {
        row.verdict = { text: 'VOID', mood: 'bad' };
        problems.push(`${line.label}, before the drop: ${trial.problem}`);
      }
      draw();
    }
    pace.phase = 'the network is dropped';
    const { receipt, milliseconds } = withDrop ? await drop(stage) : { receipt: null, milliseconds: 0 };
    pace.phase = withDrop ? 'the network is gone' : 'nothing was dropped';
    for (const { line, row } of lines) {
      const trial = await attempt(() => line.after());
      const mood = trial.problem === null ? 'good' : 'bad';
      row.after = { text: trial.shown, mood: 'plain' };
      if (row.verdict.text === '') row.verdict = { text: trial.verdict, mood };
      if (trial.problem !== null) problems.push(`${line.label}, after the drop: ${trial.problem}`);
      draw();
    }
    const explanation = withDrop ? await explain(stage) : '';
    return { lines: lines.length, problems, receipt, dropMilliseconds: milliseconds, explanation };
  } finally {
    await load.stop();
    clearInterval(ticker);
    table.finish(pace.status());
  }
}

function shown(line: Line): ShownLine {
  return { line, row: makeRow(line.label) };
}

async function attempt(trial: () => Promise<Trial>): Promise<Trial> {
  try {
    return await trial();
  } catch (error) {
    return { shown: 'fails', verdict: 'BROKEN', problem: error instanceof Error ? error.message : String(error) };
  }
}

async function drop({ service }: Stage): Promise<{ receipt: Receipt; milliseconds: number }> {
  const start = performance.now();
  const { text, failure } = await service.ask('drop');
  if (failure !== undefined) throw new Error(`disableNetwork() threw: ${failure.message}`);
  return { receipt: JSON.parse(text) as Receipt, milliseconds: performance.now() - start };
}

async function explain({ service }: Stage): Promise<string> {
  const { failure } = await service.ask('fetch', newToken());
  return failure?.message ?? '';
}

/** The line below the table: the load, its speed over the last second, and the time. */
class Pace {
  readonly #start = performance.now();
  readonly #marks: { time: number; right: number }[] = [];
  phase = 'before the drop';

  constructor(readonly load: Load) {}

  status(): string {
    const time = performance.now();
    this.#marks.push({ time, right: this.load.right });
    while (this.#marks.length > 2 && time - (this.#marks[0]?.time ?? time) > 1000) this.#marks.shift();
    const first = this.#marks[0] ?? { time, right: 0 };
    const speed = time > first.time ? ((this.load.right - first.right) * 1000) / (time - first.time) : 0;
    const elapsed = ((time - this.#start) / 1000).toFixed(1);
    const errors = this.load.problems.length;
    return `${this.phase}: ${this.load.right} requests, ${errors} errors, ${speed.toFixed(0)}/s, ${elapsed} s`;
  }
}
