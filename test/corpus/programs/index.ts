// SPDX-License-Identifier: MIT
import { chromiumRows } from './chromium';
import { desktopRows } from './desktop';
import { fileRows } from './files';
import { languageRows } from './languages';
import { mediaRows } from './media';
import { privilegeRows } from './privilege';
import type { ProgramRow } from './row';
import { serverRows } from './servers';
import { sshRows } from './ssh';

export const programRows: readonly ProgramRow[] = [
  ...serverRows,
  ...sshRows,
  ...fileRows,
  ...desktopRows,
  ...languageRows,
  ...mediaRows,
  ...chromiumRows,
  ...privilegeRows,
];
