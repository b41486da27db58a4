// SPDX-License-Identifier: MIT
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Base } from './bases';
import { bases } from './bases';
import { compareSeries } from './compare';
import { computeDigest, digestFile, isUpToDate } from './digest';
import { patchesFolder } from './folders';
import type { Identity } from './identity';
import { parseIdentity } from './identity';
import { makeManualPatches } from './manual';
import { defaultPlace } from './originals';
import type { Patches } from './series';
import { makeSeries } from './series';

const usage = `usage: npm run series -- [--check] [--kernel 6.12=PLACE] [--kernel 6.1=PLACE]
                        [--identity 'Name <mail>'] [--output FOLDER [--base BASE]]

Makes kernel-patch/patches from kernel-patch/source and kernel-patch/series. Only the patches for 6.12 are
kept there.

  --kernel BASE=PLACE  the kernel without the series: a tree, or its tarball;
                       default: Debian's /usr/src/linux-source-BASE.tar.xz
  --check              changes nothing; fails when the patches are not what would be made
  --identity           signs off and maintains instead of series/identity.txt; needs --output
  --output FOLDER      writes there instead of kernel-patch/patches, for every kernel
  --base BASE          only the patches for this kernel
`;

function main(): number {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      kernel: { type: 'string', multiple: true, default: [] },
      identity: { type: 'string' },
      output: { type: 'string' },
      base: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const elsewhere = values.output !== undefined;
  if (values.help || ((values.identity !== undefined || values.base !== undefined) && !elsewhere)) {
    process.stderr.write(usage);
    return values.help ? 0 : 2;
  }
  const places = new Map(values.kernel.map((text) => splitPlace(text)));
  const identity = parseIdentity(values.identity);
  if (values.check) return check(places, identity);
  const wanted = bases.filter(({ name, kept }) => (elsewhere ? (values.base ?? name) === name : kept));
  if (wanted.length === 0) throw new Error(`--base ${values.base}\n${usage}`);
  const made = new Map<string, Patches>(
    wanted.map((base) => [base.name, makeSeries(base, placeOf(base, places), identity)]),
  );
  if (values.base === undefined) made.set('man-pages', makeManualPatches(identity));
  return write(made, values.output ?? patchesFolder);
}

function splitPlace(text: string): [string, string] {
  const [name, place] = text.split('=', 2);
  if (place === undefined || !bases.some((base) => base.name === name)) throw new Error(`--kernel ${text}\n${usage}`);
  return [name ?? '', place];
}

function placeOf(base: Base, places: ReadonlyMap<string, string>): string {
  return places.get(base.name) ?? defaultPlace(base);
}

function write(made: ReadonlyMap<string, Patches>, output: string): number {
  for (const [name, patches] of made) {
    const folder = path.join(output, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of patches) writeFileSync(path.join(folder, file), text);
    process.stdout.write(`${folder}: ${patches.size} files\n`);
  }
  if (output === patchesFolder) writeFileSync(digestFile, computeDigest());
  return 0;
}

/** Without a kernel the digest alone decides; with one, the patches are made anew and compared. */
function check(places: ReadonlyMap<string, string>, identity: Identity): number {
  if (!isUpToDate()) {
    process.stderr.write('kernel-patch/patches is older than its sources: npm run series\n');
    return 1;
  }
  let status = 0;
  for (const base of bases.filter(({ kept }) => kept)) {
    const place = placeOf(base, places);
    if (statSync(place, { throwIfNoEntry: false }) === undefined) {
      process.stdout.write(`${base.name}: up to date by the digest; ${place} is not there to make it anew\n`);
      continue;
    }
    const differing = compareSeries(path.join(patchesFolder, base.name), makeSeries(base, place, identity));
    process.stdout.write(`${base.name}: ${differing.length === 0 ? 'up to date' : `stale: ${differing.join(', ')}`}\n`);
    if (differing.length > 0) status = 1;
  }
  return status;
}

process.exitCode = main();
