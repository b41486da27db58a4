// SPDX-License-Identifier: MIT
import type { Descriptor, Receipt, Residual } from 'disablenetwork';

const width = 78;

/** The receipt of the drop in plain words, with what it leaves open on this kernel. */
export function describeReceipt(receipt: Receipt, milliseconds: number): string {
  const lines = [
    `One call, disableNetwork(), took ${milliseconds.toFixed(0)} ms. Its receipt:`,
    ...field('provider', `${receipt.provider}: ${receipt.mechanisms.join(', ')}`),
    ...field('threads', `${receipt.threads}, all of them covered`),
    ...field('kept', countByKind(receipt.kept)),
    ...field('closed', countByKind(receipt.closed)),
    ...field(
      'residuals',
      receipt.accepted.length === 0 ? 'none: nothing that is open can become a way out' : 'see below',
    ),
    '',
    'What it does not close, on this kernel:',
    ...describeResiduals(receipt.accepted).flatMap(item),
    ...receipt.limits.flatMap(({ description }) => item(description)),
    ...item('A program that was started before the drop keeps its network; so does every other process.'),
    '',
    'What else stops working in the service, although it is no network:',
    ...receipt.sideEffects.flatMap(({ description }) => item(description)),
  ];
  return lines.join('\n');
}

/** One sentence for each kind: a service has many connections, and all leave the same way open. */
function describeResiduals(residuals: readonly Residual[]): string[] {
  const sentences = residuals.map(({ id, ways }) => `${id}, accepted by name: ${ways.join('; ')}.`);
  return [...new Set(sentences)].map((sentence) => {
    const count = sentences.filter((other) => other === sentence).length;
    return `${count} x ${sentence}`;
  });
}

function countByKind(descriptors: readonly Descriptor[]): string {
  const counts = new Map<string, number>();
  for (const { kind, state } of descriptors) {
    const name = `${kind} ${state ?? ''}`.trim();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ') || 'nothing';
}

function field(name: string, text: string): string[] {
  return wrap(text, `  ${name.padEnd(11)}`, ' '.repeat(13));
}

function item(text: string): string[] {
  return wrap(text, '  - ', '    ');
}

/** Breaks a text into lines, the first with one indentation and the others with another. */
export function wrap(text: string, first: string, others: string): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(/\s+/)) {
    const blank = line.trim() === '' || line === first || line === others;
    const next = blank ? line + word : `${line} ${word}`;
    if (next.length > width && !blank) {
      lines.push(line);
      line = others + word;
    } else {
      line = next;
    }
  }
  return [...lines, line];
}
