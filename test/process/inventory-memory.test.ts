// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { attackUnder } from './support/under-provider';

jest.setTimeout(120_000);

// In the namespace the child gets the very number that the sleeping process has outside.
it('the memory of a process, by a proc of another pid namespace that has the own number: named', async () => {
  const sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' });
  await once(sleeper, 'spawn');
  const pid = sleeper.pid ?? -1;
  const script = `
mount -t tmpfs none /mnt && mkdir /mnt/proc && mount --bind /proc /mnt/proc && mount -t proc proc /proc
echo ${String(pid - 1)} > /proc/sys/kernel/ns_last_pid
"$@" <&0 &
wait $!`;
  try {
    const result = await attackUnder(
      'landlock',
      ({ attack, fs }) => {
        const fd = fs.openSync(`/mnt/proc/${String(process.pid)}/mem`, 'r+');
        return { pid: process.pid, fd, refused: attack.drop().refused };
      },
      null,
      { launcher: ['unshare', '--pid', '--fork', '--kill-child', '--mount', 'bash', '-c', script, 'bash'] },
    );
    expect(result).toMatchObject({ pid, refused: [['process-memory', result.fd]] });
  } finally {
    sleeper.kill('SIGKILL');
  }
});
