// SPDX-License-Identifier: MIT
// The result as a picture: one bar per operation, with the number that it may reach.
import type { OperationCost } from './judge';
import type { Bar } from './operations';
import type { CostReport } from './run';
import { escapeXml, line, rectangle, text, type Anchor } from './svg-elements';

const width = 860;
const labels = { left: 24, right: 290 };
const plot = { left: 304, right: 670 };
const rowHeight = 20;
const groupGap = 34;
const top = 92;
const footer = 66;

const colours = {
  page: '#ffffff',
  ink: '#1f2328',
  quiet: '#59636e',
  rule: '#d1d9e0',
  kept: '#1a6fb5',
  broken: '#c4320a',
  without: '#8c959f',
};

interface Section {
  readonly title: string;
  readonly unit: 'instructions' | 'percent';
  readonly costs: readonly OperationCost[];
}

/** Single calls in instructions; processes, which take thousands of them, in percent. */
function sections({ operations }: CostReport): readonly Section[] {
  const groups = [...new Set(operations.map(({ group }) => group))];
  return groups.map((group) => {
    const costs = operations.filter((operation) => operation.group === group);
    const unit = costs.some(({ bar }) => bar?.kind === 'percent') ? 'percent' : 'instructions';
    return { title: group, unit, costs };
  });
}

export function renderSvg(report: CostReport): string {
  const parts: string[] = [];
  let y = top;
  const all = sections(report);
  const scales = { instructions: scaleOf(all, 'instructions'), percent: scaleOf(all, 'percent') };
  for (const section of all) {
    parts.push(...drawSection(section, scales[section.unit], y));
    y += groupGap + section.costs.length * rowHeight;
  }
  const height = y + footer;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- SPDX-License-Identifier: MIT -->\n',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" `,
    'font-family="Helvetica, Arial, sans-serif" role="img">\n',
    `<title>${escapeXml(title)}</title>\n`,
    rectangle(0, 0, width, height, colours.page),
    text(labels.left, 36, title, { size: 19, colour: colours.ink, bold: true }),
    text(labels.left, 58, subtitle, { size: 12, colour: colours.quiet }),
    ...parts,
    ...drawLegend(y + 22),
    text(labels.left, y + 48, describeOrigin(report), { size: 11, colour: colours.quiet }),
    '</svg>\n',
  ].join('');
}

const title = 'What the LSM costs a process that does not use it';
const subtitle = 'Instructions more with disablenetwork on than with it off, same kernel image; counted, not timed';

type Scale = (value: number) => number;

/** One scale for all sections of a unit, so that bars can be compared; room for every bar and its limit. */
function scaleOf(all: readonly Section[], unit: Section['unit']): Scale {
  const costs = all.filter((section) => section.unit === unit).flatMap((section) => section.costs);
  const most = Math.max(0.001, ...costs.map((cost) => Math.max(valueOf(cost, unit), limitOf(cost.bar) ?? 0)));
  return (value) => plot.left + (Math.max(value, 0) / most) * (plot.right - plot.left);
}

const valueOf = ({ difference, percent }: OperationCost, unit: Section['unit']): number =>
  unit === 'percent' ? percent : difference;

const limitOf = (bar: Bar | null): number | null =>
  bar === null ? null : bar.kind === 'percent' ? bar.below : bar.most;

function drawSection({ title: name, unit, costs }: Section, scale: Scale, y: number): readonly string[] {
  const first = y + 12;
  const measure = unit === 'percent' ? 'percent more' : 'instructions more';
  return [
    text(labels.left, y, name, { size: 13, colour: colours.ink, bold: true }),
    text(plot.left, y, measure, { size: 11, colour: colours.quiet }),
    line(plot.left, first - 4, plot.left, first + costs.length * rowHeight - 4, colours.rule, 1),
    ...costs.flatMap((cost, index) => drawCost(cost, unit, scale, first + index * rowHeight)),
  ];
}

function drawCost(cost: OperationCost, unit: Section['unit'], scale: Scale, y: number): readonly string[] {
  const value = valueOf(cost, unit);
  const limit = limitOf(cost.bar);
  const end = scale(value);
  const colour = cost.kept === null ? colours.without : cost.kept ? colours.kept : colours.broken;
  const beside = Math.max(end, limit === null ? 0 : scale(limit)) + 8;
  return [
    text(labels.right, y + 9, cost.title, { size: 12, colour: colours.ink, anchor: 'end' satisfies Anchor }),
    rectangle(plot.left, y, Math.max(end - plot.left, 0), 11, colour),
    ...(limit === null ? [] : [line(scale(limit), y - 3, scale(limit), y + 14, colours.ink, 2)]),
    text(beside, y + 10, describeValue(cost, unit), {
      size: 11,
      colour: cost.kept === false ? colours.broken : colours.ink,
      bold: cost.kept === false,
    }),
  ];
}

function describeValue({ difference, percent, instructions }: OperationCost, unit: Section['unit']): string {
  const sign = difference > 0 ? '+' : '';
  const of = `${sign}${difference} of ${instructions.off.toLocaleString('en-US')}`;
  return unit === 'percent' ? `${sign}${percent.toFixed(2)} %  (${of})` : of;
}

function drawLegend(y: number): readonly string[] {
  const entries: readonly (readonly [string, string])[] = [
    [colours.kept, 'limit kept'],
    [colours.broken, 'limit broken'],
    [colours.without, 'no limit set'],
  ];
  const marks = entries.flatMap(([colour, label], index) => {
    const x = labels.left + index * 110;
    return [rectangle(x, y - 9, 14, 11, colour), text(x + 20, y, label, { size: 12, colour: colours.ink })];
  });
  const x = labels.left + entries.length * 110;
  return [
    ...marks,
    line(x + 4, y - 12, x + 4, y + 5, colours.ink, 2),
    text(x + 14, y, 'the most that it may be', { size: 12, colour: colours.ink }),
  ];
}

const describeOrigin = ({ kernel, compiler, configurations, boots }: CostReport): string =>
  `Linux ${kernel}, ${compiler}, configuration ${configurations.on.config.slice(0, 16)}, booted ${boots} times each, QEMU -icount`;
