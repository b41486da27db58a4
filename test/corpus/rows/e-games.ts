// SPDX-License-Identifier: MIT
// E06 to E08: processes that come while the drop runs or after it, what a process can still ask of its
// own restrictions, and restrictions that were there before.
import type { Instruction } from '../../support/attack';
import { row, type Row } from '../row';

type Filter = readonly Instruction[];

const allow = 0x7fff0000;
const answerTo = (number: number, action: number): Filter => [
  [0x20, 0, 0, 0],
  [0x15, 0, 1, number],
  [6, 0, 0, action],
  [6, 0, 0, allow],
];

interface Game {
  title: string;
  filter: Filter;
  flags: number;
}

const socket = 41;
const games: Record<string, Game> = {
  'E07.allow-all': { title: 'a later filter that allows everything', filter: [[6, 0, 0, allow]], flags: 0 },
  'E07.allow-all-threads': {
    title: 'a later filter that allows everything, in all threads',
    filter: [[6, 0, 0, allow]],
    flags: 1,
  },
  'E07.log': { title: 'a later filter that logs socket()', filter: answerTo(socket, 0x7ffc0000), flags: 0 },
};

const filters = Object.entries(games).map(([id, input]) =>
  row<null, Game>({
    id,
    title: `socket() behind ${input.title}`,
    apart: true,
    input,
    act: ({ attack, AF_INET, SOCK_STREAM }, { input: { filter, flags } }) => {
      attack.call('prctl', 38, 1, 0, 0, 0);
      const installed = attack.installFilter(filter, flags);
      return installed === 'ok' ? attack.try('socket', AF_INET, SOCK_STREAM, 0) : `no filter: ${installed}`;
    },
  }),
);

const calls: Record<string, { title: string; args: readonly string[] }> = {
  'clear-no-new-privileges': { title: 'prctl(PR_SET_NO_NEW_PRIVS, 0)', args: ['38', '0'] },
  'clear-network': { title: 'prctl(PR_SET_NETWORK, 0)', args: ['1313166419', '0'] },
  'clear-network-high-half': {
    title: 'prctl(PR_SET_NETWORK, 0) with bits above the lower 32 set',
    args: [String((1n << 32n) | 1313166419n), '0'],
  },
  'clear-nosuid': { title: 'prctl(PR_SET_NOSUID, 0)', args: ['1314084179', '0'] },
};

const clearings = Object.entries(calls).map(([name, { title, args }]) =>
  row<null, readonly string[]>({
    id: `E07.${name}`,
    title: `socket() after ${title}`,
    input: args,
    act: ({ attack, AF_INET, SOCK_STREAM }, { input }) => {
      attack.call('prctl', ...input.map(BigInt), 0, 0, 0);
      return attack.try('socket', AF_INET, SOCK_STREAM, 0);
    },
  }),
);

const starts: Record<string, string> = {
  spawn: 'posix_spawn or vfork, and exec, as child_process has it',
  vfork: 'vfork() and execve()',
  shell: 'a shell that forks once more',
  daemon: 'a process that leaves its session and its parent',
};

const children = Object.entries(starts).map(([name, title]) =>
  row<null, string>({
    id: `E06.${name}`,
    title: `a process that is started after sends: ${title}`,
    input: name,
    wire: true,
    act: ({ attack, childProcess, shellCommand, syscalls }, situation) => {
      const command = shellCommand(situation);
      const scripts: Record<string, string> = {
        shell: `(${command})`,
        daemon: `setsid --fork --wait bash -c "${command}"`,
      };
      const script = scripts[situation.input] ?? command;
      if (situation.input !== 'vfork') {
        const { status, stderr } = childProcess.spawnSync('bash', ['-c', script], { encoding: 'utf8' });
        return status === 0 ? 'ok' : /not permitted/.test(stderr) ? 'EPERM' : stderr;
      }
      const { call, alive } = attack.runProgram('/bin/bash', '-c', `exec 2> /dev/null; ${script}`);
      const status = syscalls.syscall(...call);
      alive.fill([]);
      return { 0: 'ok', 1: 'EPERM' }[status] ?? String(status);
    },
  }),
);

interface Before {
  title: string;
  domains: number;
  filter: Filter | null;
  provider?: 'landlock' | 'seccomp';
  throws?: true;
}

const befores: Record<string, Before> = {
  'fifteen-domains': { title: '15 Landlock domains', domains: 15, filter: null },
  'sixteen-domains': { title: '16 Landlock domains, the limit', domains: 16, filter: null },
  'sixteen-domains-demanded': {
    title: '16 Landlock domains, the limit, and the demand for Landlock',
    domains: 16,
    filter: null,
    provider: 'landlock',
    throws: true,
  },
  filter: { title: 'a filter of its own', domains: 0, filter: answerTo(110, 0x00050000 + 33) },
  'filter-against-filters': {
    title: 'a filter that refuses further filters',
    domains: 0,
    filter: answerTo(317, 0x00050000 + 1),
    throws: true,
  },
};

const restricted = Object.entries(befores).map(([name, input]) =>
  row<null, Before>({
    id: `E08.${name}`,
    title: `socket() of a process that had ${input.title}`,
    apart: true,
    // Without Landlock there are no domains to have.
    ...(input.domains > 0 ? { absent: ['no Landlock'] } : {}),
    ...(input.provider === undefined ? {} : { options: { provider: input.provider } }),
    ...(input.throws ? { throws: true as const } : {}),
    input,
    prepare: ({ attack }, { input: { domains, filter } }) => {
      attack.call('prctl', 38, 1, 0, 0, 0);
      if (filter !== null && attack.installFilter(filter, 1) !== 'ok') throw new Error('no filter');
      const attributes = Buffer.alloc(8);
      attributes.writeBigUInt64LE(1n << 12n); // LANDLOCK_ACCESS_FS_MAKE_SYM: of no interest here.
      const ruleset = domains > 0 ? attack.call('landlock_create_ruleset', attributes, 8, 0) : -1;
      for (let count = 0; ruleset >= 0 && count < domains; count++) attack.call('landlock_restrict_self', ruleset, 0);
      if (ruleset >= 0) attack.call('close', ruleset);
      return null;
    },
    act: ({ attack, AF_INET, SOCK_STREAM }, { input: { domains } }) => {
      if (domains > 0 && attack.call('landlock_create_ruleset', null, 0, 1) < 0) return 'no Landlock';
      return attack.try('socket', AF_INET, SOCK_STREAM, 0);
    },
  }),
);

export const gameRows: Row[] = [
  ...filters,
  ...clearings,
  ...children,
  ...restricted,
  row<null, null>({
    id: 'E08.no-new-privileges',
    title: 'socket() of a process that was started with no_new_privs',
    launcher: ['setpriv', '--no-new-privs'],
    act: ({ attack, AF_INET, SOCK_STREAM }) => attack.try('socket', AF_INET, SOCK_STREAM, 0),
  }),
  row<null, null>({
    id: 'E08.blocked-thread',
    title: 'socket() of a process with a thread that blocks every signal',
    apart: true,
    throws: true,
    prepare: ({ syscalls }) => {
      new syscalls.NativeThread('kernel');
      return null;
    },
    act: ({ attack, AF_INET, SOCK_STREAM }) => attack.try('socket', AF_INET, SOCK_STREAM, 0),
  }),
];
