// SPDX-License-Identifier: MIT
import { resolveConditions } from '../../../kernel-patch/generate/conditions';

const resolve = (lines: readonly string[], kernel = 612) =>
  resolveConditions(lines.join('\n'), kernel, 'file.c').split('\n');

it('keeps what a condition on the kernel holds for, and removes the condition', () => {
  const lines = ['first', '#if KERNEL_BASE >= 612', 'late', '#else', 'early', '#endif', 'last'];
  expect(resolve(lines, 601)).toEqual(['first', 'early', 'last']);
  expect(resolve(lines, 612)).toEqual(['first', 'late', 'last']);
});

it('knows "less than"', () => {
  const lines = ['#if KERNEL_BASE < 612', 'old', '#endif', '#if KERNEL_BASE >= 612', 'new', '#endif'];
  expect(resolve(lines, 601)).toEqual(['old']);
  expect(resolve(lines, 612)).toEqual(['new']);
});

it('leaves the conditions of the C preprocessor, also around and inside its own', () => {
  const lines = ['#ifdef A', '#if KERNEL_BASE >= 612', '#if B', 'b', '#else', 'c', '#endif', '#endif', '#endif'];
  expect(resolve(lines, 612)).toEqual(['#ifdef A', '#if B', 'b', '#else', 'c', '#endif', '#endif']);
  expect(resolve(lines, 601)).toEqual(['#ifdef A', '#endif']);
});

it.each([
  [['#if KERNEL_BASE >= 1', 'open'], 'file.c: #if without #endif'],
  [['#endif'], 'file.c: #endif without #if'],
])('refuses %j', (lines, message) => {
  expect(() => resolve(lines)).toThrow(message);
});
