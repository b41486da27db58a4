// SPDX-License-Identifier: MIT
// What the guest runs of the compiled tests.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { quote, type GuestProgram } from '../../vm/guest/init-script';
import type { HostShare } from '../../vm/guest/qemu';
import type { TestPlan } from '../../vm/guest/test-plan';
import type { TestFolder } from './catalogue';

const guestFolder = '/selftests';

/** The host's own programs: the scripts call bash and iproute2. */
const hostPrograms: HostShare = { tag: 'usr', source: '/usr', target: '/usr', writable: false };

/** @param limit seconds for one program */
export function planTests(compiled: string, folders: readonly TestFolder[], limit: number): TestPlan {
  return {
    programs: folders.flatMap((entry) => planFolder(path.join(compiled, entry.folder), entry, limit)),
    files: folders.flatMap(({ folder }) => listFiles(compiled, folder)),
    shares: [hostPrograms],
  };
}

function planFolder(compiled: string, entry: TestFolder, limit: number): readonly GuestProgram[] {
  return [...entry.programs, ...entry.scripts]
    .filter((name) => existsSync(path.join(compiled, name)))
    .map((name) => {
      const file = `${guestFolder}/${entry.folder}/${name}`;
      return { name: `${entry.folder}:${name}`, command: chooseCommand(file, entry.prepare), limit };
    });
}

function chooseCommand(file: string, prepare: string | null): readonly string[] {
  if (prepare === null) return [file];
  const script = `cd ${quote(path.dirname(file))} && { { ${prepare}; } 2>/dev/null; exec ./${path.basename(file)}; }`;
  return ['/busybox/busybox', 'sh', '-c', script];
}

function listFiles(compiled: string, folder: string): TestPlan['files'] {
  return readdirSync(path.join(compiled, folder))
    .map((name) => path.join(compiled, folder, name))
    .filter((source) => statSync(source).isFile())
    .map((source) => ({
      source,
      target: `${guestFolder}/${path.relative(compiled, source)}`,
      executable: (statSync(source).mode & 0o111) !== 0,
    }));
}
