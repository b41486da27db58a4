// SPDX-License-Identifier: MIT
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import type { ProgramRow } from '../row';
import { beside, run, serve } from '../start';
import { asUser } from '../users';

const makeKey = async (launcher: readonly string[], folder: string, name: string): Promise<string> => {
  await run([...launcher, 'ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', name], { folder });
  return readFileSync(join(folder, `${name}.pub`), 'utf8').trim();
};

const agent: ProgramRow = {
  id: 'F13.ssh-agent',
  title: 'ssh-keygen makes a key, ssh-agent takes it over its Unix socket and signs with it',
  packages: ['openssh-client'],
  work: async (launcher, folder) => {
    const key = await makeKey(launcher, folder, 'key');
    const socket = join(folder, 'agent');
    const options = { folder, environment: { SSH_AUTH_SOCK: socket } };
    const server = await serve([...launcher, 'ssh-agent', '-D', '-a', socket], options, () => existsSync(socket));
    return beside(server, async () => {
      await run([...launcher, 'ssh-add', '-q', 'key'], options);
      const listed = await run([...launcher, 'ssh-add', '-L'], options);
      if (listed.trim() !== key) throw new Error(`the agent lists ${listed}`);
      writeFileSync(join(folder, 'text'), 'what is signed');
      writeFileSync(join(folder, 'signers'), `me ${key}\n`);
      // With the public key alone, so that the agent has to do it.
      await run([...launcher, 'ssh-keygen', '-q', '-Y', 'sign', '-f', 'key.pub', '-n', 'file', 'text'], options);
      const check = ['-Y', 'verify', '-f', 'signers', '-I', 'me', '-n', 'file', '-s', 'text.sig'];
      const good = await run([...launcher, 'ssh-keygen', ...check], { ...options, input: 'what is signed' });
      const settings = await run([...launcher, 'ssh', '-G', '-F', '/dev/null', 'somewhere'], options);
      return `${good.replace(/SHA256:\S+/, 'FINGERPRINT').trim()}, ${String(/^port \d+$/m.exec(settings)?.[0])}`;
    });
  },
};

/** ssh talks to `sshd -i` over its pipes, as to a host behind a jump. */
async function logIn(
  launcher: readonly string[],
  folder: string,
  { user, as = [], pam = 'no' }: { user: string; as?: readonly string[]; pam?: 'yes' | 'no' },
): Promise<string> {
  const started = [...launcher, ...as];
  const key = await makeKey(started, folder, 'key');
  const hostKey = await makeKey(started, folder, 'host');
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'keys'), `${key}\n`);
  writeFileSync(join(folder, 'known'), `inside ${hostKey}\n`);
  const settings = {
    HostKey: join(folder, 'host'),
    AuthorizedKeysFile: join(folder, 'keys'),
    StrictModes: 'no', // The folder is below one that everybody may write to.
    UsePAM: pam,
    PermitRootLogin: 'yes',
    PidFile: 'none',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  writeFileSync(join(folder, 'settings'), lines.join(''));
  const proxy = `/usr/sbin/sshd -i -e -f ${join(folder, 'settings')}`;
  const flags = {
    ProxyCommand: proxy,
    UserKnownHostsFile: join(folder, 'known'),
    BatchMode: 'yes',
    IdentityAgent: 'none',
  };
  const ssh = [
    'ssh',
    '-F',
    '/dev/null',
    '-i',
    join(folder, 'key'),
    ...Object.entries(flags).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ];
  const command = 'sha256sum; id -un; test -n "$SSH_CONNECTION" && echo logged in';
  return run([...started, ...ssh, `${user}@inside`, command], {
    folder,
    input: Buffer.alloc(500_000, 'through ssh\n'),
  });
}

const sshd = (id: string, title: string, pam: 'yes' | 'no'): ProgramRow => ({
  id,
  title,
  packages: ['openssh-client', 'openssh-server'],
  work: async (launcher, folder) => {
    // Debian's service makes it at each start; it stays empty.
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    return logIn(launcher, folder, { user: userInfo().username, pam });
  },
});

const sshdOfUser: ProgramRow = {
  id: 'F15.sshd-user',
  title: 'the same with an sshd that a user runs for himself',
  packages: ['openssh-client', 'openssh-server', 'postgresql'],
  // The one user of a Debian package that has a shell.
  work: async (launcher, folder) => logIn(launcher, folder, { user: 'postgres', as: asUser('postgres', folder) }),
};

export const sshRows = [
  agent,
  sshd(
    'F14.sshd-root',
    'ssh logs in at an sshd of root over pipes (ProxyCommand, inetd mode) and runs a command',
    'no',
  ),
  sshdOfUser,
  sshd('F62.sshd-pam', 'ssh logs in at an sshd of root that asks PAM, as is the default of Debian', 'yes'),
];
