// SPDX-License-Identifier: MIT
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, temporaryFolder } from '../support/folders';

const waysOut = [
  'fetch()',
  'dns.resolve4()',
  'TCP, net.connect()',
  'TCP, a new listener',
  'UDP, dgram.send()',
  'a Worker, TCP',
  'a child: curl',
  'a child: Python',
  'io_uring, no socket call',
  'a setuid helper: su',
];
const thingsThatGoOn = [
  'PostgreSQL, open TCP',
  'keep-alive HTTP',
  'accept, a new HTTP client',
  'TLS, opened before',
  'PostgreSQL, new Unix socket',
  'a child with pipes: sort',
  'a child with IPC: fork()',
  'an X client on Xvfb',
  'files and timers',
];

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
  /** The verdict of each row of the table. */
  readonly verdicts: ReadonlyMap<string, string>;
  /** Files that it left in its temporary folder, and processes that it left running. */
  readonly left: readonly string[];
}

async function runDemo(args: readonly string[], whenItPrints?: { text: string; signal: NodeJS.Signals }): Promise<Run> {
  const folder = temporaryFolder();
  chmodSync(folder.path, 0o711);
  try {
    const child = spawn(process.execPath, ['build/demo/main.js', ...args], {
      cwd: repository,
      env: { ...process.env, TMPDIR: folder.path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (whenItPrints !== undefined && output.includes(whenItPrints.text)) child.kill(whenItPrints.signal);
    });
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    const left = [...readdirSync(folder.path), ...commandsThatName(folder.path)];
    return { code, output, errors, verdicts: readVerdicts(output), left };
  } finally {
    folder.remove();
  }
}

/** The columns stand at least two spaces apart, but for a label that fills its own. */
function readVerdicts(output: string): Map<string, string> {
  const rows = output.split('\n').flatMap((line) => {
    const verdict = /(closed|OPEN|UNCLEAR|goes on|BROKEN|VOID)$/.exec(line)?.[0];
    return verdict === undefined ? [] : [[line.slice(1, 29).trimEnd(), verdict] as const];
  });
  return new Map(rows);
}

function commandsThatName(text: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes(text) ? [command] : [];
    } catch {
      return []; // It ended.
    }
  });
}

function withVerdict({ verdicts }: Run, wanted: string): string[] {
  return [...verdicts].filter(([, verdict]) => verdict === wanted).map(([label]) => label);
}

/** Only root can show dns.lookup(), and the demo says when it does not. */
function withLookup({ output }: Run): string[] {
  return output.includes('dns.lookup() is not in the table') ? waysOut : [...waysOut, 'dns.lookup()'];
}

beforeAll(() => {
  execFileSync(join(repository, 'node_modules/.bin/tsc'), ['--project', 'demo/tsconfig.json'], { cwd: repository });
}, 60_000);

describe('the demo', () => {
  test('finds every way out closed and everything else going on, and cleans up', async () => {
    const run = await runDemo([]);
    expect(run.errors).toBe('');
    expect(withVerdict(run, 'closed').sort()).toEqual(withLookup(run).sort());
    expect(withVerdict(run, 'goes on').sort()).toEqual([...thingsThatGoOn].sort());
    expect(run.output).toMatch(/All \d+ lines are as promised/);
    expect(run.left).toEqual([]);
    expect(run.code).toBe(0);
  }, 60_000);

  test('fails without the drop, names every way that is open, and cleans up', async () => {
    const run = await runDemo(['--without-drop']);
    expect(withVerdict(run, 'OPEN').sort()).toEqual(withLookup(run).sort());
    expect(withVerdict(run, 'goes on').sort()).toEqual([...thingsThatGoOn].sort());
    for (const label of withLookup(run)) expect(run.errors).toContain(`${label}, after the drop: is open`);
    expect(run.left).toEqual([]);
    expect(run.code).toBe(1);
  }, 60_000);

  test.each([
    ['while its servers start', 'Starting', 'SIGINT', 130],
    ['under load', 'WAYS OUT', 'SIGTERM', 143],
  ] as const)(
    'cleans up when it is stopped %s',
    async (_, text, signal, code) => {
      const run = await runDemo([], { text, signal });
      expect(run.left).toEqual([]);
      expect(run.code).toBe(code);
    },
    60_000,
  );

  test('refuses an option that it does not know', async () => {
    const run = await runDemo(['--with-drop']);
    expect(run.errors).toContain('usage:');
    expect(run.code).toBe(2);
  });
});
