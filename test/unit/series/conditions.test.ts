// SPDX-License-Identifier: MIT
import { resolveConditions } from '../../../kernel-patch/generate/conditions';

const resolve = (lines: readonly string[], SERIES_STEP: number, KERNEL_BASE = 612) =>
  resolveConditions(lines.join('\n'), { SERIES_STEP, KERNEL_BASE }, 'file.c').split('\n');

it('keeps what a condition on the step holds for, and removes the condition', () => {
  const lines = ['first', '#if SERIES_STEP >= 3', 'late', '#else', 'early', '#endif', 'last'];
  expect(resolve(lines, 2)).toEqual(['first', 'early', 'last']);
  expect(resolve(lines, 3)).toEqual(['first', 'late', 'last']);
});

it('knows "less than", and conditions on the kernel', () => {
  const lines = ['#if KERNEL_BASE < 612', 'old', '#endif', '#if KERNEL_BASE >= 612', 'new', '#endif'];
  expect(resolve(lines, 1, 601)).toEqual(['old']);
  expect(resolve(lines, 1, 612)).toEqual(['new']);
});

it('leaves the conditions of the C preprocessor, also around and inside its own', () => {
  const lines = ['#ifdef A', '#if SERIES_STEP >= 2', '#if B', 'b', '#else', 'c', '#endif', '#endif', '#endif'];
  expect(resolve(lines, 2)).toEqual(['#ifdef A', '#if B', 'b', '#else', 'c', '#endif', '#endif']);
  expect(resolve(lines, 1)).toEqual(['#ifdef A', '#endif']);
});

it.each([
  [['#if SERIES_STEP >= 1', 'open'], 'file.c: #if without #endif'],
  [['#endif'], 'file.c: #endif without #if'],
])('refuses %j', (lines, message) => {
  expect(() => resolve(lines, 1)).toThrow(message);
});
