// SPDX-License-Identifier: MIT
// Tries rows in the child: one, or several in the same process. Only their text gets there, with the
// functions of the rows put into it.
import type { DisableNetworkOptions } from '../../lib/types';
import type { Toolbox } from '../support/toolbox';
import type { Act, Prepare, Row, Situation } from './row';

export interface Try {
  /** One for each row. */
  readonly situations: readonly Situation[];
  readonly options: DisableNetworkOptions;
  /** Whether the acts are tried without the drop, with it, or both, in this order. */
  readonly parts: readonly ('control' | 'drop')[];
  /** Whether to stay until the test has looked: what was asked of another process may not be done yet. */
  readonly stay: boolean;
  /** Whether an error of the drop is an answer. */
  readonly mayThrow: boolean;
}

/** What came of one row. */
export interface Answer {
  readonly control: string | null;
  /** The ids of what strict mode named. */
  readonly named: readonly string[];
  /** The ids of the limits that the receipt names. */
  readonly limits: readonly string[];
  readonly after: string | null;
  /** The code of the drop's error; the act is tried all the same. */
  readonly thrown?: string;
}

type Answers = (toolbox: Toolbox, input: Try) => Promise<Answer[]>;
type Functions = { prepare: Prepare<unknown, unknown>; act: Act<unknown, unknown> };

async function drive(toolbox: Toolbox, input: Try, rows: readonly Functions[]): Promise<Answer[]> {
  const { situations, options, parts, mayThrow } = input;
  const { attack, fs } = toolbox;
  // Without the one that the list was read through: the next to be opened gets its number.
  const descriptors = (): number[] =>
    fs
      .readdirSync('/proc/self/fd')
      .map(Number)
      .filter((fd) => attack.call('fcntl', fd, 1, 0) >= 0);
  const prepareAll = async (note: string) => {
    const prepared: { act: () => string | Promise<string>; opened: number[] }[] = [];
    for (const [index, { prepare, act }] of rows.entries()) {
      const { text, ...rest } = situations[index] as Situation;
      const situation = { ...rest, text: text.replace(/;$/, `${note};`) };
      const before = new Set(descriptors());
      const state = await prepare(toolbox, situation);
      const opened = descriptors().filter((fd) => !before.has(fd));
      prepared.push({ act: () => act(toolbox, situation, state), opened });
    }
    return prepared;
  };
  const actAll = async (prepared: Awaited<ReturnType<typeof prepareAll>>): Promise<string[]> => {
    const outcomes: string[] = [];
    for (const { act } of prepared) {
      try {
        outcomes.push(await act());
      } catch (error) {
        const { code } = error as { code?: unknown };
        outcomes.push(typeof code === 'string' ? code : String(error));
      }
    }
    return outcomes;
  };
  let controls: (string | null)[] = rows.map(() => null);
  if (parts.includes('control')) {
    const before = new Set(descriptors());
    controls = await actAll(await prepareAll(' control'));
    if (!parts.includes('drop')) return controls.map((control) => ({ control, named: [], limits: [], after: null }));
    // What the controls have left open would be found by the inventory.
    for (const fd of descriptors()) if (!before.has(fd)) attack.call('close', fd);
  }
  const prepared = await prepareAll('');
  let drop: ReturnType<typeof attack.drop>;
  try {
    drop = attack.drop(options);
  } catch (error) {
    const { code: thrown } = error as { code?: unknown };
    if (!mayThrow || typeof thrown !== 'string') throw error;
    const after = await actAll(prepared);
    return after.map((text, index) => ({
      control: controls[index] ?? null,
      named: [],
      limits: [],
      after: text,
      thrown,
    }));
  }
  const { receipt, refused } = drop;
  const after = await actAll(prepared);
  // What no row has opened is the process's own, and so is what is no descriptor.
  const isOpenedBy = (fd: number | null, opened: readonly number[]): boolean => fd !== null && opened.includes(fd);
  const isOf = (fd: number | null, opened: readonly number[]): boolean =>
    isOpenedBy(fd, opened) || !prepared.some((one) => isOpenedBy(fd, one.opened));
  return prepared.map(({ opened }, index) => ({
    control: controls[index] ?? null,
    named: [...new Set(refused.filter(([, fd]) => isOf(fd, opened)).map(([id]) => id))].sort(),
    limits: receipt.limits.map(({ id }) => id),
    after: after[index] ?? null,
  }));
}

/** Every process that the child has started ends with it. */
async function stay({ report, next }: Toolbox, { stay: isToStay }: Try, answers: Answer[]): Promise<Answer[]> {
  if (isToStay) {
    report(answers);
    await next();
  }
  return answers;
}

/** The program of a child that runs one try of the rows. */
export function programOf(rows: readonly Row[]): Answers {
  const functions = rows.map(
    ({ prepare, act }) => `{ prepare: ${String(prepare ?? (() => undefined))}, act: ${String(act)} }`,
  );
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- Made of the text of functions, to become text.
  return new Function(
    'toolbox',
    'input',
    `return (${String(drive)})(toolbox, input, [${functions.join()}]).then((answers) => (${String(stay)})(toolbox, input, answers));`,
  ) as Answers;
}
