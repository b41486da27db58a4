// SPDX-License-Identifier: MIT
import type { Edit } from '../edit';
import { addAfter } from '../edit';

/** The makefile and the indexes that new folders and pages must be named in. */
export const restEdits: readonly Edit[] = [
  {
    step: 'selftests',
    file: 'tools/testing/selftests/Makefile',
    ...addAfter('TARGETS += damon\n', 'TARGETS += disablenetwork\n'),
  },
  {
    step: 'documentation',
    file: 'Documentation/admin-guide/LSM/index.rst',
    ...addAfter('   apparmor\n', '   disablenetwork\n'),
  },
  {
    step: 'documentation',
    file: 'Documentation/userspace-api/index.rst',
    ...addAfter('   landlock\n', '   disablenetwork\n'),
  },
];
