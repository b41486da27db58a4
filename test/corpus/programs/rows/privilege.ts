// SPDX-License-Identifier: MIT
// Programs that gain or lose privilege, make sandboxes, look into others, or talk to the kernel in
// ways of their own.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ProgramRow } from '../row';
import { run } from '../start';
import { asUser } from '../users';

const su: ProgramRow = {
  id: 'F48.su',
  title: 'root becomes a user by su, with a session of PAM',
  packages: ['util-linux'],
  work: async (launcher, folder) =>
    run([...launcher, 'su', '-s', '/bin/sh', '-c', 'id -un; pwd', '-', 'nobody'], { folder }),
};

const setpriv: ProgramRow = {
  id: 'F49.setpriv',
  title: 'root becomes a user by setpriv',
  packages: ['util-linux'],
  work: async (launcher, folder) =>
    run([...launcher, 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'id'], { folder }),
};

const sudo: ProgramRow = {
  id: 'F50.sudo',
  title: 'a user becomes root by sudo',
  packages: ['sudo'],
  work: async (launcher, folder) => {
    const rules = join(folder, 'rules');
    writeFileSync(rules, 'nobody ALL = (root) NOPASSWD: /usr/bin/id\n');
    chmodSync(rules, 0o440);
    chmodSync(folder, 0o755);
    // The rules are the machine's for this command alone: in mounts of its own.
    const alone = ['unshare', '--mount', 'sh', '-euc', `mount --bind ${rules} /etc/sudoers; exec "$@"`, 'sh'];
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    return run([...alone, ...launcher, ...nobody, 'sudo', '-n', 'id', '-un'], { folder });
  },
};

const setgid: ProgramRow = {
  id: 'F51.setgid',
  title: 'a user asks when his password ends, which a setgid program reads',
  packages: ['passwd'],
  work: async (launcher, folder) =>
    run([...launcher, ...asUser('nobody', folder), 'chage', '--list', 'nobody'], { folder }),
};

const script = (
  id: string,
  title: string,
  packages: readonly string[],
  text: string,
  options: readonly string[] = [],
): ProgramRow => ({
  id,
  title,
  packages,
  options,
  work: async (launcher, folder) => run([...launcher, 'sh', '-euc', text], { folder }),
});

const box = '--ro-bind / / --dev /dev --proc /proc --tmpfs /tmp --unshare-pid --unshare-user --unshare-ipc';
const inBox = `sh -c 'echo in a box > /tmp/it; cat /tmp/it; id -u; test $$ -lt 5 && echo own processes'`;

const fio = (engine: string): string => `
  fio --name=a --filename=data --size=2m --rw=randwrite --verify=crc32c ${engine} --output-format=terse > said 2>&1 ||
    { cat said; exit 1; }
  cut -d';' -f 3,5 said`;

const traced = `cat > it.c <<END
int main(void) {
  long sum = 0;
  for (int n = 0; n < 10; n++)
    sum += n;
  return (int)sum;
}
END
gcc -g -O0 -o it it.c`;

export const privilegeRows = [
  su,
  setpriv,
  sudo,
  setgid,
  script(
    'F52.bubblewrap',
    'bubblewrap runs a program in namespaces of its own',
    ['bubblewrap'],
    `bwrap ${box} ${inBox}`,
  ),
  script(
    'F53.bubblewrap-net',
    'the same with a network namespace',
    ['bubblewrap'],
    `bwrap ${box} --unshare-net ${inBox}`,
  ),
  script(
    'F54.strace',
    'strace shows the system calls of a child',
    ['strace'],
    `strace -f -e trace=execve -o calls true; grep -c 'execve(.*= 0' calls`,
  ),
  script(
    'F55.gdb',
    'gdb stops a program at a line and reads a variable',
    ['gcc', 'gdb'],
    `${traced}
    gdb -nx -q -batch -ex 'set startup-with-shell off' -ex 'break 4 if n == 5' -ex run -ex 'print sum' it > said 2>&1 || true; grep '^.1 = ' said || { cat said; exit 1; }`,
  ),
  script(
    'F56.gcore',
    'one program writes the memory of another that runs beside it',
    ['gdb'],
    `sleep 60 & sleep 0.1; gcore -o core $! > said 2>&1 || { cat said; kill $!; exit 1; }; kill $!; test -s core.$! && echo written`,
  ),
  script(
    'F57.valgrind',
    'valgrind finds a leak',
    ['gcc', 'valgrind'],
    `echo 'int main(void) { volatile char *p = __builtin_malloc(77); p = 0; return p != 0; }' > it.c; gcc -o it it.c; valgrind --leak-check=full ./it 2>&1 | grep -o 'definitely lost: 77 bytes in 1 blocks' | head -1`,
  ),
  script('F58.fio-threads', 'fio writes and checks a file with threads', ['fio'], fio('--ioengine=psync --thread')),
  script('F59.fio-aio', 'the same by the asynchronous calls of Linux', ['fio'], fio('--ioengine=libaio --iodepth=8')),
  script('F60.fio-io_uring', 'the same by io_uring', ['fio'], fio('--ioengine=io_uring --iodepth=8')),
  script(
    'F61.thirty-two-bits',
    'a program of 32 bits',
    ['gcc-multilib', 'libc6-dev-i386'],
    `echo '#include <unistd.h>' > it.c; echo 'int main(void) { return write(1, "32 bits", 7) != 7; }' >> it.c; gcc -m32 -static -o it it.c; ./it`,
  ),
];
