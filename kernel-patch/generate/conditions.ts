// SPDX-License-Identifier: MIT

/** `ours`: a condition of the generator, which leaves no trace; else one of the C preprocessor. */
interface Block {
  readonly ours: boolean;
  holds: boolean;
}

const own = /^#if KERNEL_BASE (>=|<) (\d+)$/;
const opening = /^#\s*if(def|ndef)?\b/;

/**
 * Resolves `#if KERNEL_BASE < 612`, its `#else` and `#endif`, and removes those lines, so that one source
 * yields the series for every kernel. Works on any text: C, makefiles, Kconfig, reStructuredText. Other
 * conditions stay as they are.
 *
 * @param kernel - What `KERNEL_BASE` stands for.
 * @throws Error when a condition is left open or closed twice.
 */
export function resolveConditions(text: string, kernel: number, name: string): string {
  const open: Block[] = [];
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    if (!stepInto(line, open, kernel, name) && open.every(({ ours, holds }) => !ours || holds)) kept.push(line);
  }
  if (open.length > 0) throw new Error(`${name}: #if without #endif`);
  return kept.join('\n');
}

/** @returns Whether the line was the generator's own, and goes. */
function stepInto(line: string, open: Block[], kernel: number, name: string): boolean {
  const condition = own.exec(line);
  if (condition !== null) {
    open.push({ ours: true, holds: decide(condition, kernel) });
    return true;
  }
  if (opening.test(line)) {
    open.push({ ours: false, holds: true });
    return false;
  }
  const innermost = open.at(-1);
  if (/^#\s*else\b/.test(line) && innermost?.ours === true) {
    innermost.holds = !innermost.holds;
    return true;
  }
  if (!/^#\s*endif\b/.test(line)) return false;
  const closed = open.pop();
  if (closed === undefined) throw new Error(`${name}: #endif without #if`);
  return closed.ours;
}

function decide([, operator, number]: RegExpExecArray, kernel: number): boolean {
  return operator === '<' ? kernel < Number(number) : kernel >= Number(number);
}
