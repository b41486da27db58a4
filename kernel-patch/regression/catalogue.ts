// SPDX-License-Identifier: MIT
// Which of the kernel's own tests are run, and what is known about them: data of kernel-patch/regression.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { VmError } from '../../vm/errors';
import { seriesFolder } from '../../vm/package-folder';

/** A folder below tools/testing/selftests. */
export interface TestFolder {
  readonly folder: string;
  /** What make compiles, each a test. */
  readonly programs: readonly string[];
  /** Tests that are there as they are. */
  readonly scripts: readonly string[];
  /** What make makes for the tests. */
  readonly helpers: readonly string[];
  /** What the scripts read. */
  readonly files: readonly string[];
  /** For the guest's shell, in the folder, before each test; null for nothing. */
  readonly prepare: string | null;
  /** Programs that begin a report and do not go on with one: their exit code is their result. */
  readonly byExitCode: readonly string[];
}

/** A program that is not run. */
export interface LeftProgram {
  /** FOLDER:NAME */
  readonly program: string;
  readonly reason: string;
}

/** A test whose result differs from boot to boot, with the series or without. */
export interface UnstableTest extends LeftProgram {
  readonly test: string;
}

export interface Catalogue {
  readonly folders: readonly TestFolder[];
  readonly left: readonly LeftProgram[];
  readonly unstable: readonly UnstableTest[];
}

export const regressionFolder = path.join(seriesFolder, 'regression');

type Partly = Pick<TestFolder, 'folder' | 'programs'> & Partial<TestFolder>;

export function readCatalogue(folder = regressionFolder): Catalogue {
  const programs = readJson(path.join(folder, 'programs.json')) as { folders: Partly[]; left: LeftProgram[] };
  const unstable = readJson(path.join(folder, 'unstable.json')) as { tests: UnstableTest[] };
  const nothing = { scripts: [], helpers: [], files: [], prepare: null, byExitCode: [] };
  return {
    folders: programs.folders.map((entry) => ({ ...nothing, ...entry })),
    left: programs.left,
    unstable: unstable.tests,
  };
}

/** Those of these names, or all of them. */
export function chooseFolders(folders: readonly TestFolder[], names: readonly string[]): readonly TestFolder[] {
  const known = folders.map(({ folder }) => folder);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new VmError('program', `regression has no folder ${unknown}: choose from ${known.join(', ')}.`);
  }
  return names.length === 0 ? folders : folders.filter(({ folder }) => names.includes(folder));
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
