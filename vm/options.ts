// SPDX-License-Identifier: MIT
// The options of the verbs, as declared for parser and help, and as read.
import { availableParallelism } from 'node:os';
import { parseChoice, type OptionDeclarations, type ParsedArguments } from '../lib/command-line/parse';
import { printable } from '../lib/command-line/text';
import { UsageError } from '../lib/command-line/usage-error';
import type { Sanitizer } from './kernel/fragments';

export const kernelOptions: OptionDeclarations = {
  kernel: {
    type: 'string',
    value: 'KERNEL',
    description:
      "6.12 (default) or 6.1: Debian's source. Or the path of a kernel tree, which is only read, or of an image " +
      '(a vmlinux with PVH, or a bzImage).',
  },
  patch: { type: 'boolean', description: 'Apply the series (default, unless a tree has it already).' },
  'no-patch': { type: 'boolean', description: 'Leave the kernel as it is.' },
  config: {
    type: 'string',
    value: 'FRAGMENT',
    repeatable: true,
    description: 'A file of Kconfig lines that go over the built-in ones; may be repeated.',
  },
  sanitizer: { type: 'string', value: 'NAME', description: 'kasan (with UBSAN and lockdep) or kcsan.' },
  coverage: { type: 'boolean', description: 'Measure which lines of the series run (gcov).' },
  jobs: { type: 'string', value: 'N', description: 'Compilers at once; the number of processors unless given.' },
  keep: { type: 'boolean', description: "Keep the kernel's tree and the files of the boot, and say where they are." },
};

const shareOptions: OptionDeclarations = {
  share: {
    type: 'string',
    value: 'FOLDER',
    repeatable: true,
    description:
      'Show this folder in the guest at the same path, read-only; may be repeated. /usr brings its programs.',
  },
  overlay: {
    type: 'string',
    value: 'FOLDER',
    repeatable: true,
    description: 'The same, but the guest may write there; what it writes is lost when it ends.',
  },
};

export const bootOptions: OptionDeclarations = {
  ...shareOptions,
  lsm: {
    type: 'string',
    value: 'ORDER',
    description: 'The security modules and their order, for example landlock,yama,disablenetwork. It is checked.',
  },
  memory: {
    type: 'string',
    value: 'MEBIBYTES',
    description: 'Memory of the guest: 1024 unless given, 2048 with a sanitizer.',
  },
  timeout: { type: 'string', value: 'SECONDS', description: 'How long one program may run: 300 unless given.' },
};

export const testOptions: OptionDeclarations = {
  program: {
    type: 'string',
    value: 'FILE',
    repeatable: true,
    description:
      'Run this in the guest instead of the tests of the series: a C file, a static program, a shell script, or a ' +
      'JavaScript file for Node with this package; may be repeated.',
  },
  selftests: {
    type: 'string',
    value: 'FOLDER',
    repeatable: true,
    description: "A folder of the kernel's tools/testing/selftests to compile and run; may be repeated.",
  },
  environment: {
    type: 'string',
    value: 'NAME=VALUE',
    repeatable: true,
    description:
      'Set this in the environment of each program, for example DISABLENETWORK_RACE_TRIES=100000; may be repeated.',
  },
  verbose: { type: 'boolean', short: 'v', description: 'Show what each program printed, also when it passed.' },
  junit: { type: 'string', value: 'FILE', description: "Write the result as JUnit's XML." },
};

export interface VmOptions {
  readonly kernel: string;
  /** Null: as the source suggests. */
  readonly patched: boolean | null;
  readonly fragments: readonly string[];
  readonly sanitizer: Sanitizer | null;
  readonly coverage: boolean;
  readonly jobs: number;
  readonly keep: boolean;
  readonly lsm: readonly string[] | null;
  /** Mebibytes; null: as much as the kernel's configuration takes. */
  readonly memory: number | null;
  /** Seconds. */
  readonly timeout: number;
  readonly programs: readonly string[];
  readonly selftests: readonly string[];
  /** Folders that the guest sees at the same path. */
  readonly shares: readonly string[];
  /** The same; what the guest writes there is lost. */
  readonly overlays: readonly string[];
  /** NAME=VALUE, for every program in the guest. */
  readonly environment: readonly string[];
  readonly junit: string | null;
  readonly verbose: boolean;
}

const defaultTimeout = 300;

export function readOptions({ flags, values, lists }: ParsedArguments): VmOptions {
  if (flags.has('patch') && flags.has('no-patch')) {
    throw new UsageError("options '--patch' and '--no-patch' contradict each other.");
  }
  const sanitizer = values.get('sanitizer');
  return {
    kernel: values.get('kernel') ?? '6.12',
    patched: flags.has('patch') ? true : flags.has('no-patch') ? false : null,
    fragments: lists.get('config') ?? [],
    sanitizer: sanitizer === undefined ? null : parseChoice<Sanitizer>('sanitizer', sanitizer, ['kasan', 'kcsan']),
    coverage: flags.has('coverage'),
    jobs: readCount('jobs', values.get('jobs'), availableParallelism()),
    keep: flags.has('keep'),
    lsm: readOrder(values.get('lsm')),
    memory: readCount('memory', values.get('memory'), null),
    timeout: readCount('timeout', values.get('timeout'), defaultTimeout),
    programs: lists.get('program') ?? [],
    selftests: lists.get('selftests') ?? [],
    shares: lists.get('share') ?? [],
    overlays: lists.get('overlay') ?? [],
    environment: (lists.get('environment') ?? []).map(checkVariable),
    junit: values.get('junit') ?? null,
    verbose: flags.has('verbose'),
  };
}

export function readCount<Otherwise>(name: string, text: string | undefined, otherwise: Otherwise): number | Otherwise {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,5}$/.test(text)) {
    throw new UsageError(`option '--${name}' needs a whole number above 0, not '${printable(text)}'.`);
  }
  return Number(text);
}

function checkVariable(text: string): string {
  if (/^[A-Za-z_]\w*=/.test(text)) return text;
  throw new UsageError(`option '--environment' needs NAME=VALUE, not '${printable(text)}'.`);
}

function readOrder(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const names = text.split(',');
  const odd = names.find((name) => !/^[a-z0-9_]+$/.test(name));
  if (odd !== undefined) throw new UsageError(`option '--lsm' has no security module '${printable(odd)}'.`);
  if (new Set(names).size < names.length) throw new UsageError("option '--lsm' names a security module twice.");
  return names;
}
