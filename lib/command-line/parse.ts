// SPDX-License-Identifier: MIT
import { parseArgs } from 'node:util';
import { nearest } from '../options/nearest';
import { printable } from './text';
import { UsageError } from './usage-error';

/** One option as its command declares it; help and parser read the same declaration. */
export interface OptionDeclaration {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** Name of the value in the help, for example `FILE`. */
  readonly value?: string;
  /** May be given more than once; its values are in {@link ParsedArguments.lists}. */
  readonly repeatable?: boolean;
  readonly description: string;
}

export type OptionDeclarations = Readonly<Record<string, OptionDeclaration>>;

export interface ParsedArguments {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
}

/**
 * Options and positionals, strictly: every mistake is a {@link UsageError} that names the argument.
 * With `stopAtPositional` everything from the first positional on (or after `--`) is positional,
 * so that the options of a command that is to be run are left alone.
 */
export function parseArguments(
  args: readonly string[],
  options: OptionDeclarations,
  stopAtPositional = false,
): ParsedArguments {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokenize(args, options)) {
    if (token.kind === 'option-terminator') {
      continue;
    }
    if (token.kind === 'positional') {
      if (stopAtPositional) {
        return { flags, values, lists, positionals: args.slice(token.index) };
      }
      positionals.push(token.value);
      continue;
    }
    checkOption(token.name, token.rawName, token.value, options);
    if (flags.has(token.name) || values.has(token.name)) {
      throw new UsageError(`option '${token.rawName}' is given twice.`);
    }
    if (options[token.name]?.repeatable === true) {
      lists.set(token.name, [...(lists.get(token.name) ?? []), token.value ?? '']);
    } else if (token.value === undefined) {
      flags.add(token.name);
    } else {
      values.set(token.name, token.value);
    }
  }
  return { flags, values, lists, positionals };
}

// parseArgs in strict mode would throw its own messages; the tokens allow better ones.
function tokenize(args: readonly string[], options: OptionDeclarations) {
  const declared: Record<string, { type: 'boolean' | 'string'; short?: string }> = {};
  for (const [name, { type, short }] of Object.entries(options)) {
    declared[name] = short === undefined ? { type } : { type, short };
  }
  return parseArgs({ args: [...args], options: declared, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function checkOption(name: string, rawName: string, value: string | undefined, options: OptionDeclarations): void {
  const declaration = Object.hasOwn(options, name) ? options[name] : undefined;
  if (declaration === undefined) {
    const names = Object.keys(options).map((known) => `--${known}`);
    throw new UsageError(`unknown option '${printable(rawName)}'.${nearest(rawName, names)}`);
  }
  if (declaration.type === 'boolean' && value !== undefined) {
    throw new UsageError(`option '--${name}' takes no value.`);
  }
  if (declaration.type === 'string' && (value === undefined || value === '')) {
    throw new UsageError(`option '--${name}' needs a value: --${name} ${declaration.value ?? 'VALUE'}.`);
  }
}

/** Throws unless there are at most `most` positionals. */
export function checkPositionals(positionals: readonly string[], most: number): void {
  const extra = positionals[most];
  if (extra !== undefined) {
    throw new UsageError(`unexpected argument '${printable(extra)}'.`);
  }
}

/** The value if it is one of the choices; else a {@link UsageError} that lists them. */
export function parseChoice<Choice extends string>(name: string, value: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) {
    throw new UsageError(`option '--${name}' cannot be '${printable(value)}'.${nearest(value, choices)}`);
  }
  return found;
}
