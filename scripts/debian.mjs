// SPDX-License-Identifier: MIT
// The Debian packages that the project needs, and their installation.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { capture, fail, run, say } from './run.mjs';

/** node-gyp is a Python program that writes makefiles. */
const build = ['g++', 'make', 'python3'];

const demo = [
  ...build,
  'curl', // a child that tries the network
  'openssl', // a certificate for the TLS connection
  'postgresql', // the service behind the connection that must go on
  'x11-utils', // xdpyinfo, a client of the X server
  'xvfb', // an X server without a screen
];

const test = [
  ...demo,
  'bubblewrap', // a program at the root of a file system
  'clang-format',
  'clang-tidy',
  'cpio', // checks what is written for a guest of the harness
  'git', // a child that must go on working
  'groff-base', // checks the manual page
  'iputils-ping', // a program with a file capability
  'musl', // the other C library
  'patchelf', // a Node that starts with the runtime of a sanitizer
  'postgresql-client',
  'redis-server', // one more service behind a connection
  'runsc', // gVisor: a kernel that is not Linux
  'sudo', // a setuid program
  'tmux', // types into a shell on request
];

const vm = [
  ...test,
  'apparmor', // loads a profile beside the series
  'bc', // the kernel's build, as the next ones
  'bison',
  'busybox-static', // the guest's programs
  'ccache', // a second kernel in a fraction of the time
  'dwarves', // BTF, for a kernel with BPF LSM
  'ethtool', // as iproute2
  'flex',
  'iproute2', // the kernel's own network tests
  'kmod',
  'libc6-dev-i386', // 32-bit test programs
  'libcap-dev',
  'libcap-ng-dev', // the kernel's own tests of capabilities
  'libelf-dev',
  'libssl-dev',
  'linux-source-6.1',
  'linux-source-6.12',
  'patch',
  'python3-git', // checkpatch.pl starts checkers that need it, and the next one
  'python3-ply',
  'qemu-system-x86',
  'rsync',
  'sparse', // judges the series
  'xz-utils',
];

/** The programs of test/corpus/programs. */
const corpus = [
  ...test,
  'apt',
  'chromium',
  'dbus',
  'default-jdk-headless',
  'dpkg-dev',
  'fakeroot',
  'ffmpeg',
  'fio', // reads and writes by io_uring
  'gcc',
  'gcc-multilib', // 32-bit programs
  'gdb',
  'gnupg',
  'golang-go',
  'imagemagick',
  'libc6-dev-i386',
  'man-db',
  'nginx-light',
  'openssh-client',
  'openssh-server',
  'passwd',
  'perl',
  'rsync',
  'sqlite3',
  'strace',
  'util-linux',
  'valgrind',
  'xz-utils',
];

const packages = { build, corpus, demo, test, vm };

/**
 * Makes sure that the packages for a purpose are installed.
 *
 * @param {keyof typeof packages} purpose
 */
export function installDebianPackages(purpose) {
  if (!existsSync('/usr/bin/dpkg-query')) {
    say(`this is no Debian: make sure that these are installed: ${packages[purpose].join(' ')}`);
    return;
  }
  const missing = packages[purpose].filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = ['apt-get', 'install', '--yes', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) {
    fail(`Debian packages are missing. Install them, then try again:\n\n    sudo ${command.join(' ')}\n`);
  }
  say(`installing Debian packages: ${missing.join(' ')}`);
  withoutServices(() => {
    const environment = { DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '--quiet'], { environment, quiet: true });
    run('apt-get', command.slice(1), { environment, quiet: true });
  });
}

/** @param {string} name */
function isInstalled(name) {
  const answer = capture('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name]);
  return answer.status === 0 && answer.output === 'installed';
}

/**
 * The project starts its own servers in throw-away folders, so installing must neither start one nor
 * create a database cluster. Both settings are taken back, also when this process ends on the way.
 *
 * @param {() => void} install
 */
export function withoutServices(install) {
  const undo = [
    plant('/usr/sbin/policy-rc.d', '#!/bin/sh\nexit 101\n'),
    plant(clusterSetting, 'create_main_cluster = false\n', '/usr/share/postgresql-common/createcluster.conf'),
  ];
  const undoAll = () => undo.splice(0).forEach((step) => step());
  process.once('exit', undoAll);
  install();
  undoAll();
}

/** A package keeps this one when it is there before. */
const clusterSetting = '/etc/postgresql-common/createcluster.conf';

/**
 * @param {string} file is left alone when it is there
 * @param {string} content
 * @param {string} [original] what the package that is installed would have put there
 * @returns {() => void} what takes it back
 */
function plant(file, content, original = '') {
  if (existsSync(file)) return () => undefined;
  const folder = mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content, { mode: 0o755 });
  return () => {
    rmSync(file, { force: true });
    if (existsSync(original)) copyFileSync(original, file);
    else if (folder !== undefined) rmdirSync(path.dirname(file));
  };
}

/**
 * The versions that are installed, in one text.
 *
 * @param {readonly string[]} names
 */
export function versionsOf(names) {
  const { error, stdout } = spawnSync('dpkg-query', ['--show', ...names], { encoding: 'utf8' });
  return error === undefined ? stdout : '';
}
