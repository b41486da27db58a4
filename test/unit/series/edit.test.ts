// SPDX-License-Identifier: MIT
import { addAfter, addBefore, applyEdit } from '../../../kernel-patch/generate/edit';

const place = { step: 'skeleton', file: 'security/Makefile' };

it('adds after and before a text that stays', () => {
  expect(applyEdit('a\nb\n', { ...place, ...addAfter('a\n', 'new\n') })).toBe('a\nnew\nb\n');
  expect(applyEdit('a\nb\n', { ...place, ...addBefore('b\n', 'new\n') })).toBe('a\nnew\nb\n');
});

it('changes every place when it knows how many there are', () => {
  expect(applyEdit('x,x', { ...place, times: 2, ...addAfter('x', 'y') })).toBe('xy,xy');
});

it.each(['', 'a\na\n'])('refuses when the text occurs not once: %j', (text) => {
  expect(() => applyEdit(text, { ...place, ...addAfter('a\n', 'new\n') })).toThrow(
    /^security\/Makefile: expected 1 times/,
  );
});
