// SPDX-License-Identifier: MIT
// The harness as its users have it: at a prompt, without root, and installed without this repository.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emptyFolder, install, pack } from '../package/support/package';
import { main, plainKernel } from './command';

jest.setTimeout(1_200_000);

beforeAll(plainKernel);

it('boots into a shell', async () => {
  const child = spawn(process.execPath, [main, 'boot', '--kernel', plainKernel()], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const says = async (text: string): Promise<void> => {
    const begin = output.length;
    while (!output.slice(begin).includes(text)) {
      if (child.exitCode !== null) throw new Error(`the machine has ended:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const exit = once(child, 'exit');
  await says('~ # ');
  child.stdin.write('echo "$((6 * 7)) for user $(id -u)"\r');
  await says('42 for user 0');
  child.stdin.write('poweroff -f\r');
  expect(await exit).toEqual([0, null]);
});

it('needs no root', () => {
  const nobody = 65534;
  const folder = mkdtempSync(path.join(tmpdir(), 'dn-nobody-'));
  try {
    const image = path.join(folder, 'image');
    copyFileSync(plainKernel(), image);
    const program = path.join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\ntest "$(id -u)" = 0\n');
    chmodSync(program, 0o755);
    const cache = path.join(folder, 'cache');
    mkdirSync(cache);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) for (const file of [folder, image, cache]) chownSync(file, nobody, nobody);
    const identity = [
      `--reuid=${String(nobody)}`,
      `--regid=${String(nobody)}`,
      '--clear-groups',
      '--bounding-set=-all',
    ];
    const command = [process.execPath, main, 'test', '--kernel', image, '--program', program];
    const environment = { ...process.env, HOME: folder, XDG_CACHE_HOME: cache };
    const { status, stdout, stderr } = spawnSync('env', [...(isRoot ? ['setpriv', ...identity] : []), ...command], {
      encoding: 'utf8',
      cwd: folder,
      env: environment,
    });
    expect(stderr).not.toContain('disablenetwork-vm:');
    expect(stdout).toContain('all      4       0       0');
    expect(status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('builds the same kernel from an installed package, and runs what is somebody else’s', () => {
  const folder = emptyFolder();
  try {
    const program = path.join(folder.path, 'mine.c');
    writeFileSync(
      program,
      '#include <linux/disablenetwork.h>\n#include <sys/prctl.h>\n' +
        'int main(void) { return prctl(PR_GET_NETWORK, 0, 0, 0, 0); }\n',
    );
    expect(install(['npm'], folder.path, [pack(folder.path)]).status).toBe(0);
    const call = (...args: string[]) =>
      spawnSync('npx', ['--no-install', 'disablenetwork-vm', ...args], { encoding: 'utf8', cwd: folder.path });
    // The image is kept by the content of the series and of the configuration.
    const ours = spawnSync(process.execPath, [main, 'build'], { encoding: 'utf8' }).stdout;
    expect(call('build').stdout).toBe(ours);
    const { status, stdout } = call('test', '--program', 'mine.c');
    expect(stdout).toContain('ok  mine.c   1       0       0');
    expect(status).toBe(0);
  } finally {
    folder.remove();
  }
});
