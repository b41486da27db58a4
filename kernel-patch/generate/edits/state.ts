// SPDX-License-Identifier: MIT
import type { Edit } from '../edit';
import { addAfter, addBefore } from '../edit';

const step = 'state';

const field = `#ifdef CONFIG_SECURITY_DISABLENETWORK
	unsigned long disablenetwork;	/* What the thread group has given up */
#endif

`;

export const stateEdits: readonly Edit[] = [
  {
    step,
    file: 'include/linux/sched/signal.h',
    ...addBefore('\tstruct mutex cred_guard_mutex;\t/* guard against foreign influences on\n', field),
  },
  {
    step,
    file: 'kernel/fork.c',
    ...addAfter('#include <linux/compiler.h>\n', '#include <linux/disablenetwork.h>\n'),
  },
  {
    step,
    file: 'kernel/fork.c',
    ...addAfter('\tsched_autogroup_fork(sig);\n', '\tdisablenetwork_fork(sig);\n'),
  },
];
