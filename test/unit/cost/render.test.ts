// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writePage, writeRaw } from '../../../kernel-patch/cost/files';
import { renderMarkdown } from '../../../kernel-patch/cost/markdown';
import { operations } from '../../../kernel-patch/cost/operations';
import { chooseModules, findWrongModules } from '../../../kernel-patch/cost/run';
import { renderSvg } from '../../../kernel-patch/cost/svg';
import { VmError } from '../../../vm/errors';
import { costs, sampleReport } from './sample';

const broken = sampleReport(costs({ counts: { 'send-udp': '2016*10' } }));

const row = (page: string, title: string): string | undefined =>
  page
    .split('\n')
    .find((text) => text.startsWith(`| ${title} `))
    ?.replace(/ +/g, ' ');

it('writes a table with every operation', () => {
  const page = renderMarkdown(sampleReport());
  operations.forEach(({ title }) => expect(row(page, title)).toBeDefined());
  expect(row(page, 'send, UDP')).toBe('| send, UDP | 2,000 | 2,000 | 2,010 | +10 (0.50 %) | at most 12 | kept |');
  expect(row(page, 'recv, UDP')).toBe('| recv, UDP | 2,000 | 2,000 | 2,000 | 0 (0 %) | 0 | kept |');
  expect(row(page, 'execve until main')).toMatch(/none \| \|$/);
  expect(page).toContain('Every bar is kept.');
  expect(page).toContain('Kernel 6.12.1');
});

it('shows a broken bar in table, verdict and picture', () => {
  const page = renderMarkdown(broken);
  expect(row(page, 'send, UDP')).toMatch(/\+13 .* \*\*broken\*\* \|$/);
  expect(page).toContain('- send, UDP: 13 instructions more, and the bar is 12');
  expect(page).not.toContain('Every bar is kept.');
  const colour = /fill="(#\w+)"\/>\n<text [^>]*>limit broken/.exec(renderSvg(broken))?.[1] ?? '';
  const uses = (svg: string): number => svg.split(`fill="${colour}"/>`).length - 1;
  expect(colour).not.toBe('');
  // One of them in the legend.
  expect(uses(renderSvg(broken))).toBe(2);
  expect(uses(renderSvg(sampleReport()))).toBe(1);
});

it('draws every operation inside the picture, as well-formed XML', () => {
  const svg = renderSvg(broken);
  operations.forEach(({ title }) => expect(svg).toContain(`>${title}</text>`));
  expect(svg).toContain('gcc &lt;12&gt; &amp; co');
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  const [, width = '', height = ''] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  for (const [, x = '', y = '', wide = '', high = ''] of svg.matchAll(
    /<rect x="(.+?)" y="(.+?)" width="(.+?)" height="(.+?)"/g,
  )) {
    expect(Number(x) + Number(wide)).toBeLessThanOrEqual(Number(width));
    expect(Number(y) + Number(high)).toBeLessThanOrEqual(Number(height));
    expect(Number(wide)).toBeGreaterThanOrEqual(0);
  }
});

it('writes each form', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cost-'));
  try {
    const files = [writePage(broken, path.join(folder, 'new')), ...writeRaw(broken, path.join(folder, 'raw'))];
    expect(files.map((file) => path.basename(file))).toEqual(['results.md', 'results.svg', 'results.json']);
    expect(JSON.parse(readFileSync(files[2] ?? '', 'utf8'))).toEqual(broken);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("takes the kernel's own order, with and without the LSM", () => {
  const config = 'CONFIG_LSM="landlock,yama,disablenetwork,bpf"\n';
  expect(chooseModules(config, true)).toEqual(['landlock', 'yama', 'disablenetwork', 'bpf']);
  expect(chooseModules(config, false)).toEqual(['landlock', 'yama', 'bpf']);
  expect(() => chooseModules('CONFIG_LSM="yama"\n', false)).toThrow(VmError);
});

it('finds a machine with other security modules', () => {
  const { configurations } = sampleReport();
  expect(findWrongModules(configurations)).toEqual([]);
  expect(findWrongModules({ ...configurations, off: configurations.on })).toHaveLength(1);
  expect(findWrongModules({ ...configurations, on: configurations.off })).toHaveLength(1);
  const without = { ...configurations.off, modules: ['capability'] };
  expect(findWrongModules({ ...configurations, unpatched: without })).toEqual([
    'unpatched: the security modules are capability',
  ]);
});
