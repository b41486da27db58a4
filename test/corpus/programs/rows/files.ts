// SPDX-License-Identifier: MIT
// Programs whose work is on files, with children, pipes and threads of their own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ProgramRow } from '../row';
import { run } from '../start';

/** A row that runs a shell script, which is started through the launcher as a whole. */
const script = (id: string, title: string, packages: readonly string[], text: string): ProgramRow => ({
  id,
  title,
  packages,
  work: async (launcher, folder) => run([...launcher, 'sh', '-euc', text], { folder }),
});

const git = script(
  'F16.git',
  'git commits, merges, clones over a path and over file:, pushes, packs and checks',
  ['git'],
  `
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a
  export GIT_COMMITTER_EMAIL=a@b GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
  git init -q -b main one && cd one
  for n in 1 2 3 4 5 6; do seq $n 2000 > file$n; git add .; git commit -q -m "change $n"; done
  git switch -q -c side HEAD~2 && echo side > side && git add . && git commit -q -m side
  git switch -q main && git merge -q --no-edit side
  cd .. && git clone -q --bare one two && git clone -q file://$PWD/two three
  cd three && echo more >> file1 && git commit -q -a -m more && git push -q origin main
  cd ../two && git -c pack.threads=2 gc -q --aggressive && git fsck --full --strict && git rev-parse main && git count-objects`,
);

const pipeline = script(
  'F17.pipelines',
  'sort, tar, gzip, xz with threads, find, xargs, awk in pipelines',
  ['xz-utils'],
  `
  seq 100000 | awk '{ print ($1 * 7919) % 100003, $1 }' > numbers
  sort -n --parallel=4 -S 1M numbers | sha256sum
  mkdir tree && split -l 5000 numbers tree/part-
  find tree -type f -print0 | xargs -0 -P 4 -n 3 gzip -9n
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=644 -cf - tree | xz -T2 | xz -dc | tar -xOf - | gzip -dc | sha256sum`,
);

const rsync = script(
  'F18.rsync',
  'rsync copies a tree, then only what has changed',
  ['rsync'],
  `
  mkdir -p from/a/b && seq 50000 > from/a/one && seq 9 > from/a/b/two && ln -s one from/a/link
  rsync -a from/ to && sed -i s/7/x/ from/a/one && rm from/a/b/two
  rsync -a --omit-dir-times --delete --no-whole-file --checksum --itemize-changes from/ to
  find to ! -type d | sort && sha256sum to/a/one`,
);

const compiler = script(
  'F19.make',
  'make -j compiles and links a C program of many files, which runs with threads',
  ['gcc', 'make'],
  `
  for n in 1 2 3 4 5 6 7 8; do echo "long part$n(long x) { return x * $n + 1; }" > part$n.c; done
  { echo '#include <pthread.h>'; echo '#include <stdio.h>'
    for n in 1 2 3 4 5 6 7 8; do echo "long part$n(long);"; done
    echo 'static void *work(void *x) { return (void *)(part1((long)x) + part8(part5((long)x))); }'
    echo 'int main(void) { pthread_t t[8]; long sum = 0; for (long n = 0; n < 8; n++) pthread_create(&t[n], 0, work, (void *)n);'
    echo 'for (int n = 0; n < 8; n++) { void *v; pthread_join(t[n], &v); sum += (long)v; } printf("%ld\\\\n", sum); }'
  } > main.c
  printf 'program: main.o part1.o part2.o part3.o part4.o part5.o part6.o part7.o part8.o\\n\\t$(CC) -pthread -o $@ $^\\n' > Makefile
  make -s -j4 CFLAGS=-O1 && ./program`,
);

const perl = script(
  'F20.perl',
  'Perl forks, talks over a Unix socket and reads from pipes',
  ['perl'],
  `cat > it.pl <<'END'
use strict; use warnings; use IO::Socket::UNIX; use Socket; use IO::Select;
my $server = IO::Socket::UNIX->new(Local => 'server', Listen => 4) or die "listen: $!";
my @children = map { my $n = $_; my $pid = fork // die; if (!$pid) {
  my $peer = IO::Socket::UNIX->new(Peer => 'server') or die "connect: $!";
  print $peer "child $n\\n"; print STDERR '' ; exit 0; } $pid } 1 .. 4;
my @lines = map { my $peer = $server->accept or die "accept: $!"; scalar <$peer> } @children;
waitpid $_, 0 for @children;
socketpair(my $one, my $two, AF_UNIX, SOCK_DGRAM, 0) or die "socketpair: $!";
send $one, 'datagram', 0 or die "send: $!"; recv $two, my $got, 100, 0;
open my $pipe, '-|', 'seq 10 | paste -sd+ ' or die; my $sum = eval scalar <$pipe>;
print sort(@lines), "$got $sum\\n";
END
  perl it.pl`,
);

const sqlite = script(
  'F21.sqlite',
  'SQLite with a write-ahead log, four writers at once',
  ['sqlite3'],
  `
  sqlite3 data 'PRAGMA journal_mode = WAL; CREATE TABLE t (n, s);'
  for n in 1 2 3 4; do
    sqlite3 -cmd '.timeout 20000' data "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5000) INSERT INTO t SELECT x * $n, hex(x) FROM c;" &
    list="\${list:-} $!"
  done
  for child in $list; do wait $child; done
  sqlite3 data 'SELECT count(*), sum(n), min(s), max(s) FROM t; PRAGMA integrity_check;'`,
);

const manual = script(
  'F22.man',
  'man formats a page, and groff makes PostScript of it',
  ['man-db', 'groff-base'],
  `
  printf '.TH PAGE 1 2020-01-01\\n.SH NAME\\npage \\\\- a page\\n.SH TEXT\\n.B bold\\nand plain\\n' > page.1
  MANWIDTH=60 man -l page.1 && groff -man -Tps page.1 | grep -c showpage`,
);

const apt: ProgramRow = {
  id: 'F23.apt',
  title: 'apt reads a repository of files: update, show, download; dpkg-deb builds the package',
  packages: ['apt', 'dpkg-dev', 'fakeroot'],
  work: async (launcher, folder) => {
    mkdirSync(join(folder, 'p/DEBIAN'), { recursive: true });
    const control = [
      'Package: some-package',
      'Version: 1.2',
      'Architecture: all',
      'Maintainer: Nobody <a@b>',
      'Description: some',
    ];
    writeFileSync(join(folder, 'p/DEBIAN/control'), `${control.join('\n')}\n`);
    const text = `
      chmod 755 . && mkdir -p repo d/state/lists/partial d/cache/archives/partial d/etc/preferences.d d/etc/apt.conf.d
      touch d/status && echo "deb [trusted=yes] file:$PWD/repo ./" > d/etc/sources.list
      fakeroot dpkg-deb -Zgzip --root-owner-group --build p repo >&2
      (cd repo && dpkg-scanpackages . 2>/dev/null > Packages)
      set -- -o Dir::State=$PWD/d/state -o Dir::State::status=$PWD/d/status -o Dir::Cache=$PWD/d/cache -o Dir::Etc=$PWD/d/etc -o APT::Sandbox::User=root -o Dir::Log=$PWD/d
      apt-get -qq "$@" update && apt-cache "$@" show some-package | grep -E '^(Package|Version|Filename)'
      apt-get -qq "$@" download some-package && dpkg-deb --field some-package_1.2_all.deb Version`;
    return run([...launcher, 'sh', '-euc', text], { folder });
  },
};

const fakeroot = script(
  'F24.fakeroot',
  'fakeroot keeps owners that were never given, over System V messages',
  ['fakeroot'],
  `fakeroot-sysv sh -c 'touch a; chown 12:34 a; stat -c %u:%g a; tar -cf a.tar a'; tar --numeric-owner -tvf a.tar | awk '{ print $2 }'`,
);

const fakerootTcp = script(
  'F25.fakeroot-tcp',
  'the same over TCP on this machine',
  ['fakeroot'],
  `fakeroot-tcp sh -c 'touch a; chown 12:34 a; stat -c %u:%g a'`,
);

export const fileRows = [git, pipeline, rsync, compiler, perl, sqlite, manual, apt, fakeroot, fakerootTcp];
