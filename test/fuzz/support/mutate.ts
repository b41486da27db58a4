// SPDX-License-Identifier: MIT
// Texts that were real once.
import type { Random } from './budget';

const tokens = ['\n', '\t', ' ', ':', '\0', '\r\n', '0', '-1', '4294967296', '99999999999999999999', 'off', 'on', '(', ')', '/', '[', ']', '=', '#', 'é', '\ud800', '%s', '__proto__', '0x10', '1e3', ' not ok 1', '@k done']; // prettier-ignore

export function mutate(random: Random, sample: string): string {
  if (random.onceIn(40)) return randomText(random, random.below(400));
  let text = sample;
  for (let left = 1 + random.below(4); left > 0; left -= 1) text = change(random, text);
  return text;
}

export function randomText(random: Random, length: number): string {
  const wide = random.onceIn(4);
  return Array.from({ length }, () => String.fromCharCode(random.below(wide ? 0x10000 : 128))).join('');
}

function change(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const end = at + random.below(8);
  const lines = text.split('\n');
  const line = random.below(lines.length);
  switch (random.below(9)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + text.slice(end);
    case 2:
      return text.slice(0, at) + random.pick(tokens) + text.slice(at);
    case 3:
      return text.slice(0, at) + random.pick(tokens) + text.slice(end);
    case 4:
      return text.slice(0, at);
    case 5:
      return lines.filter((_, index) => index !== line).join('\n');
    case 6:
      return lines.flatMap((one, index) => (index === line ? [one, one] : [one])).join('\n');
    case 7:
      return [...lines.slice(line), ...lines.slice(0, line)].join('\n');
    default:
      return text.replace(/\d+/g, (number) => (random.onceIn(6) ? random.pick(tokens) : number));
  }
}

/** Calls it, and answers what it answers; an error that `isDocumented` knows becomes null. */
export function attempt<Value>(action: () => Value, isDocumented: (error: unknown) => boolean): Value | null {
  const start = performance.now();
  try {
    return action();
  } catch (error) {
    if (!isDocumented(error)) throw error;
    return null;
  } finally {
    const spent = performance.now() - start;
    // A text of some hundred characters; the machine may be busy.
    // eslint-disable-next-line no-unsafe-finally -- a parser that hangs matters more than what it answers
    if (spent > 2000) throw new Error(`it took ${spent.toFixed(0)} ms`);
  }
}
