// SPDX-License-Identifier: MIT
import type { Edit } from '../edit';
import { addAfter } from '../edit';

const folder = `
#ifdef CONFIG_SECURITY_DISABLENETWORK
static const struct pid_entry disablenetwork_attr_dir_stuff[] = {
	ONE("current", 0444, proc_pid_disablenetwork),
};

LSM_DIR_OPS(disablenetwork);
#endif
`;

const entry = `#ifdef CONFIG_SECURITY_DISABLENETWORK
	DIR("disablenetwork",		0555,
	    proc_disablenetwork_attr_dir_inode_ops, proc_disablenetwork_attr_dir_ops),
#endif
`;

const step = 'processes';
const file = 'fs/proc/base.c';

export const processEdits: readonly Edit[] = [
  { step, file, ...addAfter('#include <linux/seq_file.h>\n', '#include <linux/disablenetwork.h>\n') },
  { step, file, ...addAfter('LSM_DIR_OPS(apparmor);\n#endif\n', folder) },
  {
    step,
    file,
    ...addAfter('\t    proc_apparmor_attr_dir_inode_ops, proc_apparmor_attr_dir_ops),\n#endif\n', entry),
  },
];
