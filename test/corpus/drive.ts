// SPDX-License-Identifier: MIT
// Runs one try in the child. Only its text gets there, with the functions of the row put into it.
import type { DisableNetworkOptions } from '../../lib/types';
import type { Toolbox } from '../support/toolbox';
import type { Act, Prepare, Row, Situation } from './row';

export interface Try {
  readonly situation: Situation;
  readonly options: DisableNetworkOptions;
  /** Whether the act is tried without the drop, with it, or both, in this order. */
  readonly parts: readonly ('control' | 'drop')[];
  /** Whether to stay until the test has looked: what was asked of another process may not be done yet. */
  readonly stay: boolean;
  /** Whether an error of the drop is an answer. */
  readonly mayThrow: boolean;
}

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

type Answers = (toolbox: Toolbox, input: Try) => Promise<Answer>;
type Functions = { prepare: Prepare<unknown, unknown>; act: Act<unknown, unknown> };

async function drive(toolbox: Toolbox, { situation, options, parts, mayThrow }: Try, row: Functions): Promise<Answer> {
  const { attack, fs } = toolbox;
  // Without the one that the list was read through: the next to be opened gets its number.
  const descriptors = (): number[] =>
    fs
      .readdirSync('/proc/self/fd')
      .map(Number)
      .filter((fd) => attack.call('fcntl', fd, 1, 0) >= 0);
  const act = async (text: string, state: unknown): Promise<string> => {
    try {
      return await row.act(toolbox, { ...situation, text }, state);
    } catch (error) {
      const { code } = error as { code?: unknown };
      return typeof code === 'string' ? code : String(error);
    }
  };
  let control: string | null = null;
  if (parts.includes('control')) {
    const before = new Set(descriptors());
    const text = situation.text.replace(/;$/, ' control;');
    control = await act(text, await row.prepare(toolbox, { ...situation, text }));
    if (!parts.includes('drop')) return { control, named: [], limits: [], after: null };
    // What the control has left open would be found by the inventory.
    for (const fd of descriptors()) if (!before.has(fd)) attack.call('close', fd);
  }
  const state = await row.prepare(toolbox, situation);
  let drop: ReturnType<typeof attack.drop>;
  try {
    drop = attack.drop(options);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (!mayThrow || typeof code !== 'string') throw error;
    return { control, named: [], limits: [], after: await act(situation.text, state), thrown: code };
  }
  const { receipt, refused } = drop;
  return {
    control,
    named: [...new Set(refused.map(([id]) => id))].sort(),
    limits: receipt.limits.map(({ id }) => id),
    after: await act(situation.text, state),
  };
}

/** Every process that the child has started ends with it. */
async function stay({ report, next }: Toolbox, { stay: isToStay }: Try, answer: Answer): Promise<Answer> {
  if (isToStay) {
    report(answer);
    await next();
  }
  return answer;
}

/** The program of a child that runs one try of the row. */
export function programOf({ prepare, act }: Row): Answers {
  const functions = `{ prepare: ${String(prepare ?? (() => undefined))}, act: ${String(act)} }`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- Made of the text of functions, to become text.
  return new Function(
    'toolbox',
    'input',
    `return (${String(drive)})(toolbox, input, ${functions}).then((answer) => (${String(stay)})(toolbox, input, answer));`,
  ) as Answers;
}
