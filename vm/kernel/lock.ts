// SPDX-License-Identifier: MIT
// A lock between processes that dies with its holder. A small shell keeps it for as long as it can read
// our pipe, which the kernel closes however we end; so the shell outlives us and can clear up.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { spawnBound } from '../children';
import { explainDisk, VmError } from '../errors';

export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** Do not wait: answer null when another process has the lock. */
  readonly wait?: boolean;
  /** Called once when somebody else has the lock. */
  readonly onWait?: () => void;
  /** A folder that goes when the lock goes, also when this process is killed. */
  readonly folder?: string;
}

const busy = 75;
const gone = 76;

// The file goes with the lock. Whoever waited for it then has the lock of a file that is gone, which
// stops nobody else, and must begin again. Until the lock is held a signal ends everything; afterwards
// only the end of the pipe does. A folder in which a compiler still writes takes more than one try.
const holder = `exec 9>>"$1" || exit 1
setpriv --pdeathsig TERM flock $3 --conflict-exit-code ${busy} 9 || exit
trap '' HUP INT TERM
[ "$1" -ef /proc/self/fd/9 ] || exit ${gone}
echo held
read -r _
for pause in 0.2 1 3; do [ -n "$2" ] && [ -e "$2" ] || break; rm -rf "$2" 2>/dev/null || sleep $pause; done
rm -f "$1"`;

/** Takes the lock that `file` stands for. */
export async function takeLock(file: string, options: LockOptions = {}): Promise<Lock | null> {
  makeFolder(path.dirname(file));
  const first = await holdLock(file, false, options.folder);
  if (first !== null || options.wait === false) return first;
  options.onWait?.();
  return holdLock(file, true, options.folder);
}

/** For a folder of the cache: the home of a service account may not be there. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw explainDisk(error, folder);
  }
}

async function holdLock(file: string, wait: boolean, folder = ''): Promise<Lock | null> {
  for (;;) {
    const answer = await tryLock(['sh', '-c', holder, 'lock', file, folder, wait ? '--exclusive' : '--nonblock']);
    if (answer.lock !== undefined) return answer.lock;
    if (answer.code === busy) return null;
    if (answer.code === gone) continue;
    throw new VmError('environment', `the lock ${file} cannot be taken: ${answer.complaint.trim()}`);
  }
}

interface Answer {
  readonly lock?: Lock;
  readonly code: number | null;
  readonly complaint: string;
}

function tryLock(command: readonly string[]): Promise<Answer> {
  const shell = spawnBound('TERM', command, { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  shell.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  return new Promise((resolve, reject) => {
    const ended = new Promise<number | null>((done) => shell.once('close', done));
    shell.once('error', reject);
    shell.stdout?.once('data', () => {
      const release = async (): Promise<void> => {
        shell.stdin?.end();
        await ended;
      };
      resolve({ lock: { release }, code: null, complaint });
    });
    void ended.then((code) => {
      resolve({ code, complaint });
    });
  });
}
