// SPDX-License-Identifier: MIT
import type { Base } from './bases';

/** A change to a file that the kernel has already. */
export interface Edit {
  readonly step: string;
  readonly file: string;
  /** Text of the original that is replaced. */
  readonly from: string;
  readonly to: string;
  /** How often `from` must occur: once unless said. */
  readonly times?: number;
  /** Only for this kernel. */
  readonly only?: Base['name'];
}

/** An edit that adds text behind a text that stays. */
export function addAfter(anchor: string, added: string): Pick<Edit, 'from' | 'to'> {
  return { from: anchor, to: `${anchor}${added}` };
}

/** An edit that adds text before a text that stays. */
export function addBefore(anchor: string, added: string): Pick<Edit, 'from' | 'to'> {
  return { from: anchor, to: `${added}${anchor}` };
}

/**
 * @throws Error when the text to be replaced does not occur as often as it should: the kernel has
 *   changed there, and a human has to look.
 */
export function applyEdit(text: string, { file, from, to, times = 1 }: Edit): string {
  const parts = text.split(from);
  if (parts.length - 1 !== times) {
    throw new Error(`${file}: expected ${times} times, found ${parts.length - 1} times:\n${from}`);
  }
  return parts.join(to);
}
