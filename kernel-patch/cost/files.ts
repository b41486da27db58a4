// SPDX-License-Identifier: MIT
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderMarkdown } from './markdown';
import type { CostReport } from './run';
import { renderSvg } from './svg';

/** Writes the page for people, and answers the file. */
export const writePage = (report: CostReport, folder: string): string =>
  write(folder, 'results.md', renderMarkdown(report));

/** Writes the picture and all that was counted, and answers the files. */
export const writeRaw = (report: CostReport, folder: string): readonly string[] => [
  write(folder, 'results.svg', renderSvg(report)),
  write(folder, 'results.json', `${JSON.stringify(report, null, 2)}\n`),
];

function write(folder: string, name: string, content: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}
