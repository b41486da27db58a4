// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Base } from './bases';
import type { Edit } from './edit';
import { applyEdit } from './edit';
import { moduleEdits } from './edits/module';
import { processEdits } from './edits/processes';
import { restEdits } from './edits/rest';
import { stateEdits } from './edits/state';
import type { Identity } from './identity';
import { formatIdentity } from './identity';
import { readOriginals } from './originals';
import { Repository } from './repository';
import { listSources, sourcesOf } from './source';
import { readMessage, steps } from './steps';

const edits: readonly Edit[] = [...stateEdits, ...processEdits, ...moduleEdits, ...restEdits];

/** The files of patches/BASE: name to content. */
export type Patches = ReadonlyMap<string, string>;

/**
 * Makes the series for a kernel, by real commits and a real `git format-patch`.
 *
 * @param place - The kernel: a source tree or its tarball.
 */
export function makeSeries(base: Base, place: string, identity: Identity): Patches {
  const folder = mkdtempSync(path.join(tmpdir(), 'series-'));
  try {
    const repository = new Repository(folder, identity);
    const sources = listSources();
    const texts = new Map(readOriginals(place, editedFiles(base)));
    const write = (file: string, text: string): void => {
      const source = sources.get(file);
      repository.write(file, text, source !== undefined && (statSync(source).mode & 0o100) !== 0);
    };
    for (const [file, text] of texts) write(file, text);
    repository.commit(`Linux ${base.name}`);
    repository.git('tag', 'base');
    steps.forEach(({ name }, index) => {
      for (const edit of editsFor(base, name)) {
        const edited = applyEdit(texts.get(edit.file) ?? '', withIdentity(edit, identity));
        texts.set(edit.file, edited);
        write(edit.file, edited);
      }
      for (const [file, text] of sourcesOf(index + 1, base)) write(file, text);
      repository.commit(`${readMessage(name, base)}\n\nSigned-off-by: ${formatIdentity(identity)}`);
    });
    return formatPatches(repository, folder, base);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function editsFor(base: Base, step: string): readonly Edit[] {
  return edits.filter((edit) => edit.step === step && (edit.only === undefined || edit.only === base.name));
}

function editedFiles(base: Base): string[] {
  return [...new Set(steps.flatMap(({ name }) => editsFor(base, name)).map(({ file }) => file))].sort();
}

function withIdentity(edit: Edit, identity: Identity): Edit {
  return { ...edit, to: edit.to.replaceAll('@IDENTITY@', formatIdentity(identity)) };
}

function formatPatches(repository: Repository, folder: string, base: Base): Patches {
  repository.git('config', 'branch.series.description', readMessage('cover-letter', base));
  const output = path.join(folder, '.git/patches');
  const prefix = base.name === '6.12' ? 'PATCH' : `PATCH ${base.name}`;
  repository.git(
    ...['format-patch', '--quiet', `--output-directory=${output}`, `--subject-prefix=${prefix}`],
    ...['--cover-letter', '--cover-from-description=subject', '--zero-commit', '--no-signature'],
    ...['--abbrev=12', '--no-renames', '--diff-algorithm=myers', '--stat=72', 'base..series'],
  );
  return new Map(
    readdirSync(output)
      .sort()
      .map((name) => [name, readFileSync(path.join(output, name), 'utf8')]),
  );
}
