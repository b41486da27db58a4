// SPDX-License-Identifier: MIT
// C06, C09: a shell that has the network, and the terminal that it reads from.
import type { Terminal } from '../../support/terminal';
import { row, type Row } from '../row';

interface Form {
  title: string;
  /** A number that a system call takes: the bits above its lower 32 do not count. */
  request: string;
  /** Answers with which the driver shows that the request has come through to it. */
  reached: readonly string[];
}

const requests: Record<string, Form> = {
  type: { title: 'TIOCSTI types into a terminal', request: '0x5412', reached: ['ok'] },
  'type-high-half': {
    title: 'TIOCSTI with the upper half of the request set, which the kernel ignores',
    request: '0x100005412',
    reached: ['ok'],
  },
  // Only a virtual console knows it, and none can be had everywhere: another terminal says ENOTTY.
  console: { title: 'TIOCLINUX, with which a console pastes', request: '0x541c', reached: ['ENOTTY'] },
};

const typed = Object.entries(requests).map(([name, input]) =>
  row<Terminal, Form>({
    id: `C09.${name}`,
    title: input.title,
    input,
    limit: 'typing-into-terminals',
    prepare: ({ attack, openTerminal }) => openTerminal(attack),
    act: ({ attack }, { input: { request, reached } }, { secondary }) => {
      const answer = attack.try('ioctl', secondary, BigInt(request), Buffer.from('x'));
      return reached.includes(answer) ? 'ok' : answer;
    },
  }),
);

export const terminalRows: Row[] = [
  ...typed,
  row<Terminal, null>({
    id: 'C09.size',
    title: 'TIOCGWINSZ, which every program on a terminal asks',
    kept: true,
    prepare: ({ attack, openTerminal }) => openTerminal(attack),
    act: ({ attack }, _situation, { secondary }) => attack.try('ioctl', secondary, 0x5413, Buffer.alloc(8)),
  }),
  row<Terminal, null>({
    id: 'C09.line-discipline',
    title: 'TIOCSETD makes a terminal a network device (SLIP)',
    limit: 'privileged-process',
    // No such line discipline.
    absent: ['EINVAL'],
    prepare: ({ attack, openTerminal }) => openTerminal(attack),
    act: ({ attack }, _situation, { secondary }) => attack.try('ioctl', secondary, 0x5423, attack.int(1)),
  }),
  row<Terminal, null>({
    id: 'C09.type-to-shell',
    title: 'TIOCSTI types a command into the terminal that a shell with the network reads',
    wire: true,
    limit: 'typing-into-terminals',
    apart: true,
    prepare: ({ attack, openTerminal, startShell }) => {
      const terminal = openTerminal(attack);
      startShell(terminal.secondary);
      return terminal;
    },
    act: ({ attack, shellCommand }, situation, { secondary }) => {
      for (const letter of `${shellCommand(situation)}\n`) {
        const answer = attack.try('ioctl', secondary, 0x5412, Buffer.from(letter));
        if (answer !== 'ok') return answer;
      }
      return 'ok';
    },
  }),
  row<Terminal, null>({
    id: 'C06.terminal-primary',
    title: 'writing a command to the other side of the terminal that a shell with the network reads',
    wire: true,
    limit: 'unix-peers',
    apart: true,
    prepare: ({ attack, openTerminal, startShell }) => {
      const terminal = openTerminal(attack);
      startShell(terminal.secondary);
      return terminal;
    },
    act: ({ fs, shellCommand }, situation, { primary }) => {
      fs.writeSync(primary, `${shellCommand(situation)}\n`);
      return 'ok';
    },
  }),
  row<string, null>({
    id: 'C06.shell-on-pipe',
    title: 'writing a command into a named pipe that a shell with the network reads',
    wire: true,
    limit: 'unix-peers',
    prepare: async ({ freshPath, startPeer }, { folder }) => {
      const path = freshPath(folder);
      await startPeer('bash', '-c', 'mkfifo "$1"; echo ready; exec bash "$1"', 'bash', path);
      return path;
    },
    act: ({ fs, shellCommand }, situation, path) => {
      fs.writeFileSync(path, `${shellCommand(situation)}\n`);
      return 'ok';
    },
  }),
  row<string, null>({
    id: 'C06.tmux',
    title: 'a real tmux types a command into a shell with the network (send-keys)',
    wire: true,
    limit: 'unix-peers',
    apart: true,
    prepare: ({ childProcess, freshPath }, { folder }) => {
      const path = freshPath(folder);
      // The server goes on as long as the shell does.
      childProcess.execFileSync('tmux', ['-f', '/dev/null', '-S', path, 'new-session', '-d', 'bash --norc'], {
        env: { ...process.env, TERM: 'xterm', LC_ALL: 'C.UTF-8' },
      });
      return path;
    },
    act: ({ childProcess, shellCommand }, situation, path) => {
      const keys = `${shellCommand(situation)}; exit`;
      const args = ['-S', path, 'send-keys', keys, 'Enter'];
      const { status, stderr } = childProcess.spawnSync('tmux', args, { encoding: 'utf8' });
      return status === 0 ? 'ok' : stderr.trim();
    },
  }),
];
