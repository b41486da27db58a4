// SPDX-License-Identifier: MIT
export type Mood = 'good' | 'bad' | 'plain';

export interface Cell {
  readonly text: string;
  readonly mood: Mood;
}

export interface Row {
  readonly label: string;
  before: Cell;
  after: Cell;
  verdict: Cell;
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

const empty: Cell = { text: '', mood: 'plain' };
const widths = [28, 16, 26] as const;

export function makeRow(label: string): Row {
  return { label, before: empty, after: empty, verdict: empty };
}

/**
 * The table, as it fills in. On a terminal it is drawn again in its place; anywhere else, or where
 * the terminal has too few lines for that, each row is printed once, when it is finished.
 */
export class Table {
  readonly #live: boolean;
  readonly #colour: boolean;
  readonly #printed = new Set<Row>();
  #titled: Section | undefined;
  #height = 0;

  constructor(
    readonly sections: readonly Section[],
    readonly output: NodeJS.WriteStream,
  ) {
    const needed = sections.reduce((sum, { rows }) => sum + rows.length + 1, 2);
    this.#live = output.isTTY && output.rows >= needed && output.columns >= 80 && process.env['TERM'] !== 'dumb';
    this.#colour = output.isTTY && process.env['NO_COLOR'] === undefined;
  }

  /** Shows what has changed; the status is the line below the table. */
  draw(status: string): void {
    if (this.#live) this.#drawInPlace(status);
    else this.#printFinishedRows();
  }

  /** Shows the last state; nothing is drawn over after it. */
  finish(status: string): void {
    this.draw(status);
    if (!this.#live) this.output.write(`${status}\n`);
    this.#height = 0;
  }

  #drawInPlace(status: string): void {
    const lines = this.sections.flatMap((section) => [
      this.#title(section),
      ...section.rows.map((row) => this.#row(row)),
    ]);
    lines.push(` ${status}`);
    const up = this.#height > 0 ? `\x1b[${this.#height}A` : '';
    this.#height = lines.length;
    this.output.write(up + lines.map((line) => `\r${line}\x1b[K\n`).join(''));
  }

  #printFinishedRows(): void {
    for (const section of this.sections) {
      for (const row of section.rows) {
        if (row.verdict === empty || row.after === empty || this.#printed.has(row)) continue;
        if (this.#titled !== section) this.output.write(`${this.#title(section)}\n`);
        this.#titled = section;
        this.#printed.add(row);
        this.output.write(`${this.#row(row)}\n`);
      }
    }
  }

  #title({ title }: Section): string {
    const line = ` ${title.padEnd(widths[0])}${'before'.padEnd(widths[1])}${'after'.padEnd(widths[2])}verdict`;
    return this.#colour ? paint(line, '1') : line;
  }

  #row({ label, before, after, verdict }: Row): string {
    const cells = [this.#cell(before, widths[1]), this.#cell(after, widths[2]), this.#cell(verdict, 0)];
    return ` ${label.padEnd(widths[0])}${cells.join('')}`.trimEnd();
  }

  #cell({ text, mood }: Cell, width: number): string {
    const fitted = text.length < width || width === 0 ? text.padEnd(width) : `${text.slice(0, width - 2)}  `;
    if (!this.#colour || mood === 'plain') return fitted;
    return paint(fitted, mood === 'good' ? '32' : '31');
  }
}

/** The text in a colour or weight of the terminal (ECMA-48, SGR). */
function paint(text: string, code: string): string {
  return `\x1b[${code}m${text}\x1b[0m`;
}
