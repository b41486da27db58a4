// SPDX-License-Identifier: MIT
// The few elements of SVG that a chart needs.

export type Anchor = 'start' | 'end';

export interface TextStyle {
  readonly size: number;
  readonly colour: string;
  readonly bold?: boolean;
  readonly anchor?: Anchor;
}

export const escapeXml = (value: string): string =>
  value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** A tenth of a pixel is enough, and a difference below it must not change the file. */
const number = (value: number): string => String(Math.round(value * 10) / 10);

export function text(x: number, y: number, value: string, style: TextStyle): string {
  const weight = style.bold === true ? ' font-weight="bold"' : '';
  const anchor = style.anchor === 'end' ? ' text-anchor="end"' : '';
  const place = `x="${number(x)}" y="${number(y)}" font-size="${style.size}" fill="${style.colour}"`;
  return `<text ${place}${weight}${anchor}>${escapeXml(value)}</text>\n`;
}

export function rectangle(x: number, y: number, width: number, height: number, colour: string): string {
  const place = `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`;
  return `<rect ${place} fill="${colour}"/>\n`;
}

export function line(x1: number, y1: number, x2: number, y2: number, colour: string, width: number): string {
  const place = `x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}"`;
  return `<line ${place} stroke="${colour}" stroke-width="${width}"/>\n`;
}
