// SPDX-License-Identifier: MIT
import { kernelContent } from '../../../../vm/kernel/patch-content';

const part = (file: string, line: string) =>
  `diff --git a/${file} b/${file}\nindex 1..2 100644\n--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n-old\n+${line}\n`;
const patch = (message: string, ...parts: string[]) =>
  `From 0 Mon\nSubject: ${message}\n\n---\n a | 2 +-\n\n${parts.join('')}-- \n2.39.5\n\n`;

it('keeps what an image can depend on', () => {
  const code = part('security/x.c', 'new');
  expect(
    kernelContent(patch('one', code, part('tools/testing/selftests/x/y.c', 't'), part('Documentation/x.rst', 'd'))),
  ).toBe(code);
});

it('is the same whatever the message says, and another for other code', () => {
  const content = kernelContent(patch('one', part('a.c', 'x')));
  expect(kernelContent(patch('two', part('a.c', 'x')))).toBe(content);
  expect(kernelContent(patch('one', part('a.c', 'y')))).not.toBe(content);
  expect(kernelContent(patch('one', part('b.c', 'x')))).not.toBe(content);
});

it('has nothing of a patch that changes tests alone', () => {
  expect(kernelContent(patch('one', part('tools/testing/selftests/x/y.c', 't'), part('MAINTAINERS', 'm')))).toBe('');
});
