// SPDX-License-Identifier: MIT
import type { Edit } from '../edit';
import { addAfter, addBefore } from '../edit';

const maintainers = `DISABLENETWORK SECURITY MODULE
M:	@IDENTITY@
L:	linux-security-module@vger.kernel.org
S:	Maintained
F:	Documentation/admin-guide/LSM/disablenetwork.rst
F:	Documentation/userspace-api/disablenetwork.rst
F:	include/linux/disablenetwork.h
F:	include/uapi/linux/disablenetwork.h
F:	security/disablenetwork/
F:	tools/testing/selftests/disablenetwork/

`;

const counted = `#if IS_ENABLED(CONFIG_SECURITY_DISABLENETWORK)
#define DISABLENETWORK_ENABLED 1,
#else
#define DISABLENETWORK_ENABLED
#endif

`;

const step = 'module';

export const moduleEdits: readonly Edit[] = [
  { step, file: 'MAINTAINERS', ...addBefore('DISK GEOMETRY AND PARTITION HANDLING\n', maintainers) },
  {
    step,
    file: 'security/Makefile',
    ...addAfter(
      'obj-$(CONFIG_SECURITY_LANDLOCK)\t\t+= landlock/\n',
      'obj-$(CONFIG_SECURITY_DISABLENETWORK)	+= disablenetwork/\n',
    ),
  },
  {
    step,
    file: 'security/Kconfig',
    ...addAfter('source "security/landlock/Kconfig"\n', 'source "security/disablenetwork/Kconfig"\n'),
  },
  {
    step,
    file: 'security/Kconfig',
    times: 5,
    ...addAfter('\tdefault "landlock,lockdown,yama,loadpin,safesetid,', 'disablenetwork,'),
  },
  {
    step,
    only: '6.12',
    file: 'include/uapi/linux/lsm.h',
    ...addAfter('#define LSM_ID_IPE\t\t113\n', '#define LSM_ID_DISABLENETWORK\t115\n'),
  },
  {
    step,
    only: '6.12',
    file: 'include/linux/lsm_count.h',
    ...addBefore('/*\n *  There is a trailing comma', counted),
  },
  {
    step,
    only: '6.12',
    file: 'include/linux/lsm_count.h',
    from: '\t\tIPE_ENABLED)\n',
    to: '\t\tIPE_ENABLED\t\t\\\n\t\tDISABLENETWORK_ENABLED)\n',
  },
  {
    step,
    only: '6.12',
    file: 'tools/testing/selftests/lsm/lsm_list_modules_test.c',
    ...addAfter(
      '\t\tcase LSM_ID_IPE:\n\t\t\tname = "ipe";\n\t\t\tbreak;\n',
      '\t\tcase LSM_ID_DISABLENETWORK:\n\t\t\tname = "disablenetwork";\n\t\t\tbreak;\n',
    ),
  },
];
