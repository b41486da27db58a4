// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bases } from '../../../kernel-patch/generate/bases';
import { isUpToDate } from '../../../kernel-patch/generate/digest';
import { patchesFolder } from '../../../kernel-patch/generate/folders';
import { listSources, sourcesOf } from '../../../kernel-patch/generate/source';
import { stepOfFile, steps } from '../../../kernel-patch/generate/steps';

const fresh = 'npm run series';

it(`has the patches of its sources; if not: ${fresh}`, () => {
  expect(isUpToDate()).toBe(true);
});

it.each(bases)('leaves none of its conditions in a file for $name', (base) => {
  const texts = steps.flatMap((_, index) => [...sourcesOf(index + 1, base).values()]);
  expect(texts).toHaveLength(listSources().size);
  expect(texts.filter((text) => text.includes('KERNEL_BASE'))).toEqual([]);
});

const kept = bases.filter((base) => base.kept);

describe.each(kept.map((base) => [base.name, base] as const))('%s', (name, base) => {
  const folder = path.join(patchesFolder, name);
  const patches = readdirSync(folder).sort();

  it('has a cover letter and a patch for each step', () => {
    expect(patches[0]).toBe('0000-cover-letter.patch');
    expect(patches).toHaveLength(steps.length + 1);
  });

  it('adds every new file as its source says, in the patch of its step', () => {
    for (const file of listSources().keys()) {
      const step = stepOfFile(file);
      const patch = readFileSync(path.join(folder, patches[step] ?? ''), 'utf8');
      const text = sourcesOf(step, base).get(file) ?? '';
      const added = text.split('\n').slice(0, -1);
      expect(patch).toContain(`+++ b/${file}\n@@ -0,0 +1${added.length === 1 ? '' : `,${added.length}`} @@\n`);
      expect(patch).toContain(added.map((line) => `+${line}\n`).join(''));
    }
  });

  it('leaves none of the conditions of the generator in a patch', () => {
    for (const patch of patches) {
      expect(readFileSync(path.join(folder, patch), 'utf8')).not.toMatch(/KERNEL_BASE|@IDENTITY@/);
    }
  });
});
