// SPDX-License-Identifier: MIT
// Terminals, displays, buses and agents: programs that talk to each other over Unix sockets.
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startXServer } from '../../../support/x-server';
import type { ProgramRow } from '../row';
import { beside, run, serve } from '../start';

const tmux: ProgramRow = {
  id: 'F26.tmux',
  title: 'a tmux server runs a shell, gets keys and shows its screen',
  packages: ['tmux'],
  work: async (launcher, folder) => {
    const call = async (...args: string[]): Promise<string> =>
      run([...launcher, 'tmux', '-S', join(folder, 'socket'), '-f', '/dev/null', ...args], {
        folder,
        environment: { TERM: 'screen' },
      });
    await call('new-session', '-d', '-x', '60', '-y', '10', 'PS1=: exec sh');
    try {
      await call('split-window', '-d', 'cat');
      await call('send-keys', '-t', ':0.0', 'clear; echo $((6 * 7)) of tmux; touch done', 'Enter');
      for (let tries = 0; !existsSync(join(folder, 'done')) && tries < 500; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const panes = await call('list-panes', '-F', '#{pane_index} #{pane_width} #{pane_dead}');
      const screen = await call('capture-pane', '-p', '-t', ':0.0');
      return `${panes}${screen
        .split('\n')
        .filter((line) => /^\d+ of tmux/.test(line))
        .join('\n')}`;
    } finally {
      await call('kill-server');
    }
  },
};

const client = (value: string): string =>
  `xprop -root -format ROW 8s -set ROW ${value}; xprop -root ROW; xdpyinfo | grep dimensions:`;

const xInside: ProgramRow = {
  id: 'F27.xvfb',
  title: 'an X server and its clients, started by one program',
  packages: ['xvfb', 'x11-utils'],
  work: async (launcher, folder) => {
    const script = `
      Xvfb -displayfd 1 -screen 0 320x240x24 -nolisten tcp -noreset > number 2> said & server=$!
      while ! test -s number; do kill -0 $server || { cat said; exit 1; }; sleep 0.05; done
      export DISPLAY=:$(cat number)
      ${client('inside')}; code=$?
      kill $server; wait $server || true; exit $code`;
    return run([...launcher, 'sh', '-c', script], { folder });
  },
};

/** A client whose server is outside, as on a desktop. */
const xClient = (id: string, title: string, options: readonly string[], second: boolean): ProgramRow => ({
  id,
  title,
  packages: ['xvfb', 'x11-utils'],
  options,
  work: async (launcher, folder) => {
    const server = await startXServer();
    const other = server.number + 1000;
    const link = `/tmp/.X11-unix/X${other}`;
    try {
      if (second) symlinkSync(`X${server.number}`, link);
      const environment = { DISPLAY: `:${second ? other : server.number}` };
      return await run([...launcher, 'sh', '-euc', client('outside')], { folder, environment });
    } finally {
      if (second) rmSync(link, { force: true });
      await server.stop();
    }
  },
});

const ask = [
  'dbus-send',
  '--session',
  '--print-reply=literal',
  '--dest=org.freedesktop.DBus',
  '/',
  'org.freedesktop.DBus.ListNames',
];

const busInside: ProgramRow = {
  id: 'F31.dbus-run-session',
  title: 'dbus-run-session: a bus and its clients, started by one program',
  packages: ['dbus'],
  work: async (launcher, folder) => {
    const names = await run([...launcher, 'dbus-run-session', '--', ...ask], { folder });
    return names.replace(/\s+/g, ' ').replace(/:1\.\d+/g, ':1.N');
  },
};

const namesOn = async (launcher: readonly string[], folder: string, address: string): Promise<string> => {
  const names = await run([...launcher, ...ask], { folder, environment: { DBUS_SESSION_BUS_ADDRESS: address } });
  return names.replace(/\s+/g, ' ').replace(/:1\.\d+/g, ':1.N');
};

/** A bus that is outside, or inside and started by itself; its clients are started by themselves. */
const bus = (
  id: string,
  title: string,
  kind: 'path' | 'abstract',
  { inside = false, options = [] }: { inside?: boolean; options?: readonly string[] } = {},
): ProgramRow => ({
  id,
  title,
  packages: ['dbus'],
  options,
  work: async (launcher, folder) => {
    const address = `unix:${kind}=${join(folder, 'bus')}`;
    const daemon = [...(inside ? launcher : []), 'dbus-daemon', '--session', '--nofork', '--print-address'];
    const ready = (said: string): boolean => said.includes('guid=');
    const server = await serve([...daemon, `--address=${address}`], { folder }, ready);
    return beside(server, async () => namesOn(launcher, folder, address));
  },
});

const gpg: ProgramRow = {
  id: 'F35.gpg',
  title: 'gpg and its agent: a passphrase, a new key, a signature, a letter',
  packages: ['gnupg'],
  work: async (launcher, folder) => {
    const home = join(folder, 'g');
    mkdirSync(home, { mode: 0o700 });
    // By default it measures how often it has to hash to take a while.
    writeFileSync(join(home, 'gpg-agent.conf'), 's2k-count 65536\n');
    const options = { folder, environment: { GNUPGHOME: home } };
    const call = async (input: string, ...args: string[]): Promise<string> =>
      run(
        [
          ...launcher,
          'gpg',
          '--batch',
          '--yes',
          '--quiet',
          '--pinentry-mode',
          'loopback',
          '--passphrase',
          'word',
          '--trust-model',
          'always',
          ...args,
        ],
        { ...options, input },
      );
    try {
      await call('what is secret', '--symmetric', '--output', 'secret');
      const first = await call('', '--decrypt', 'secret');
      await call('', '--quick-generate-key', 'me', 'ed25519', 'sign');
      await call('what is signed', '--sign', '--output', 'signed');
      const second = await call('', '--decrypt', 'signed');
      const keys = await call('', '--list-secret-keys', '--with-colons');
      return `${first}, ${second}, ${keys.split('\n').filter((line) => line.startsWith('uid')).length}`;
    } finally {
      await run(['gpgconf', '--kill', 'all'], options);
    }
  },
};

export const desktopRows = [
  tmux,
  xInside,
  xClient('F28.x-client', 'X clients of a server outside', [], false),
  xClient('F29.x-client-all', 'the same with --unix-sockets=all', ['--unix-sockets=all'], false),
  xClient('F30.x-client-second-name', 'X clients of a server outside by a second name for its path', [], true),
  busInside,
  bus('F32.dbus-path', 'a bus on a path; it and its client are started one by one', 'path', { inside: true }),
  bus('F33.dbus-abstract', 'a client of a bus outside that listens on an abstract name', 'abstract'),
  bus('F34.dbus-abstract-all', 'the same with --unix-sockets=all', 'abstract', { options: ['--unix-sockets=all'] }),
  gpg,
];
