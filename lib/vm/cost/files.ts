// SPDX-License-Identifier: MIT
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderMarkdown } from './markdown';
import type { CostReport } from './run';
import { renderSvg } from './svg';

const formats = {
  'results.md': renderMarkdown,
  'results.svg': renderSvg,
  'results.json': (report: CostReport) => `${JSON.stringify(report, null, 2)}\n`,
};

/** Writes the result in every form, and answers the files. */
export function writeResults(report: CostReport, folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(formats).map(([name, render]) => {
    const file = path.join(folder, name);
    writeFileSync(file, render(report));
    return file;
  });
}
