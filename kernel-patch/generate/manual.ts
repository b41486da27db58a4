// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { manualFolder } from './folders';
import type { Identity } from './identity';
import { formatIdentity } from './identity';
import { Repository } from './repository';
import type { Patches } from './series';
import { readMessage } from './steps';

/**
 * Makes the patch of the manual pages. They live in a project of their own, not in the kernel, and all of
 * them are new, so the patch needs nothing of that project.
 */
export function makeManualPatches(identity: Identity): Patches {
  const folder = mkdtempSync(path.join(tmpdir(), 'manual-'));
  try {
    const repository = new Repository(folder, identity);
    repository.git('commit', '--quiet', '--allow-empty', '--message', 'man-pages');
    repository.git('tag', 'base');
    for (const name of readdirSync(manualFolder).sort()) {
      repository.write(`man/man2const/${name}`, readFileSync(path.join(manualFolder, name), 'utf8'), false);
    }
    repository.commit(`${readMessage('manual')}\n\nSigned-off-by: ${formatIdentity(identity)}`);
    const patch = repository.git(
      ...['format-patch', '--stdout', '--zero-commit', '--no-signature', '--abbrev=12', '--stat=72', 'base..series'],
    );
    return new Map([['0001-man-pages.patch', patch]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
