// SPDX-License-Identifier: MIT
// Runtimes with threads, event loops and children of their own. Their programs are in sources/.
import { copyFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from '../../../support/folders';
import type { ProgramRow } from '../row';
import { run } from '../start';

/** A row that runs a program of sources/. */
const source = (
  id: string,
  title: string,
  packages: readonly string[],
  file: string,
  command: readonly string[],
  environment: (folder: string) => Record<string, string> = () => ({}),
): ProgramRow => ({
  id,
  title,
  packages,
  work: async (launcher, folder) => {
    copyFileSync(join(__dirname, '../sources', file), join(folder, file));
    return run([...launcher, ...command, file], { folder, environment: environment(folder) });
  },
});

const npm: ProgramRow = {
  id: 'F41.npm',
  title: "npm runs the TypeScript compiler, then Node's tests, each file in a child",
  packages: [],
  work: async (launcher, folder) => {
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    const scripts = {
      build: 'tsc --outDir out --target es2022 --module node16 --skipLibCheck --types node sum.ts',
      test: 'node --test --test-reporter tap out',
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'some', version: '1.0.0', scripts }));
    writeFileSync(join(folder, 'sum.ts'), 'export const sum = (a: number, b: number): number => a + b;\n');
    const test = "require('node:test')('adds', () => require('node:assert').equal(require('./sum').sum(1, 2), 3));\n";
    for (const name of ['one', 'two', 'three']) writeFileSync(join(folder, `${name}.js`), test);
    const script = `npm run --silent build
      for name in one two three; do mv $name.js out/$name.test.js; done
      npm run --silent test`;
    const environment = { npm_config_update_notifier: 'false' };
    const said = await run([...launcher, 'sh', '-euc', script], { folder, environment });
    return String(/^# pass \d+$/m.exec(said)?.[0]);
  },
};

export const languageRows = [
  source(
    'F36.python-asyncio',
    'Python asyncio: Unix servers and datagrams, children, executors, signals, timers',
    ['python3'],
    'loop.py',
    ['python3'],
  ),
  source(
    'F37.python-processes',
    'Python multiprocessing by fork, spawn and fork server: pools, queues, a manager, shared memory',
    ['python3'],
    'processes.py',
    ['python3'],
  ),
  source('F38.python-loopback', 'Python serves HTTP to itself on 127.0.0.1', ['python3'], 'loopback.py', ['python3']),
  source(
    'F39.java',
    'Java compiles and runs a thread pool, file channels, a selector, a Unix socket and a child',
    ['default-jdk-headless'],
    'Work.java',
    ['java', '-Xmx256m', '-XX:TieredStopAtLevel=1'],
  ),
  source(
    'F40.go',
    'Go compiles and runs goroutines that hash files and talk over a Unix socket',
    ['golang-go'],
    'work.go',
    ['go', 'run'],
    (folder) => ({
      GOCACHE: join(folder, 'cache'),
      GOFLAGS: '-mod=mod',
      GO111MODULE: 'off',
      GOPATH: join(folder, 'go'),
    }),
  ),
  npm,
];
