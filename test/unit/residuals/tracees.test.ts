// SPDX-License-Identifier: MIT
import { findTracees } from '../../../lib/residuals/tracees';
import { fakeBinding } from '../fake-binding';

it('names what is traced, and how to let go of it', () => {
  const [residual, ...others] = findTracees(fakeBinding({ tracees: [42] }).binding);
  expect(others).toEqual([]);
  expect(residual).toMatchObject({ id: 'process-memory', descriptor: null, closable: false });
  expect(residual?.ways).toEqual(['ptrace() of 42, which this process traces already']);
  expect(residual?.remedy).toContain('Detach from 42');
});
