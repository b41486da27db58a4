// SPDX-License-Identifier: MIT
// The guest's first process, as a script for busybox. Each step that fails is said on both the kernel's
// log and the success channel; and if the script itself ends, the kernel panics, which the host sees.

/** A program that the guest runs. */
export interface GuestProgram {
  readonly name: string;
  /** Words for the shell, each quoted by {@link quote}. */
  readonly command: readonly string[];
  /** Seconds until the guest kills it. */
  readonly limit: number;
}

/** A folder of the host, mounted read-only. */
export interface GuestShare {
  readonly tag: string;
  readonly target: string;
  /** Programs may write there; what they write is lost at the end. */
  readonly writable: boolean;
}

export interface InitOptions {
  /** The word that begins each frame. */
  readonly token: string;
  readonly programs: readonly GuestProgram[];
  readonly shares: readonly GuestShare[];
  readonly coverage: boolean;
  /** NAME=VALUE, for every program. */
  readonly environment: readonly string[];
  /** A shell on the console instead of the programs. */
  readonly interactive: boolean;
}

export const quote = (word: string): string => `'${word.replace(/'/g, `'\\''`)}'`;

export function writeInit(options: InitOptions): string {
  return [
    prologue(options.token),
    options.shares.map(mountShare).join('') + (options.shares.some(({ target }) => target === '/usr') ? mergeUsr : ''),
    options.interactive ? shell : tests(options),
  ].join('\n');
}

const prologue = (token: string): string => `#!/busybox/busybox sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
/busybox/busybox --install -s /busybox
mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1

frame() { [ ! -e /dev/ttyS1 ] || printf '\\n@${token} %s\\n' "$*" >/dev/ttyS1; }
fail() {
  echo "<0>disablenetwork-vm: the first process gave up: $*" >/dev/kmsg
  frame "fatal $*"
  poweroff -f
}
need_mount() { mkdir -p "$3" && mount -t "$1" -o "$4" "$2" "$3" || fail "cannot mount $1 at $3"; }
may_mount() { mkdir -p "$3" 2>/dev/null && mount -t "$1" "$2" "$3" 2>/dev/null || true; }

[ -c /dev/kmsg ] || fail "there is no devtmpfs at /dev"
need_mount proc proc /proc rw
need_mount sysfs sys /sys rw
[ -c /dev/ttyS1 ] || fail "there is no second serial port for the success channel"
stty -F /dev/ttyS1 raw -echo || fail "the success channel cannot be set up"
need_mount tmpfs tmp /tmp mode=1777
need_mount tmpfs run /run mode=755
may_mount tmpfs shm /dev/shm
may_mount devpts pts /dev/pts
may_mount mqueue mqueue /dev/mqueue
may_mount securityfs security /sys/kernel/security
may_mount debugfs debug /sys/kernel/debug
may_mount tracefs trace /sys/kernel/tracing
may_mount bpf bpf /sys/fs/bpf
may_mount cgroup2 cgroup /sys/fs/cgroup
ln -sf /proc/self/fd /dev/fd
ln -sf pts/ptmx /dev/ptmx
chmod 1777 /dev/shm
hostname disablenetwork-vm
ip link set lo up || fail "the loopback interface cannot be set up"
`;

function mountShare({ tag, target, writable }: GuestShare): string {
  const options = 'ro,trans=virtio,version=9p2000.L,cache=loose,msize=512000';
  if (!writable) return `need_mount 9p ${quote(tag)} ${quote(target)} ${options}\n`;
  const folder = `/run/shares/${tag}`;
  return (
    `need_mount 9p ${quote(tag)} ${folder}/lower ${options}\n` +
    `need_mount tmpfs ${quote(tag)} ${folder}/upper mode=755\n` +
    `mkdir ${folder}/upper/data ${folder}/upper/work\n` +
    `need_mount overlay ${quote(tag)} ${quote(target)} ` +
    `lowerdir=${folder}/lower,upperdir=${folder}/upper/data,workdir=${folder}/upper/work\n`
  );
}

// As distributions lay it out; busybox stays for what is not there.
const mergeUsr = `/busybox/rm /bin /sbin
for name in bin sbin lib lib32 lib64; do [ ! -e /usr/$name ] || /busybox/ln -s usr/$name /$name; done
export PATH=$PATH:/busybox
`;

const shell = `cd /root
echo
echo "disablenetwork-vm: $(uname -r), security modules $(cat /sys/kernel/security/lsm 2>/dev/null || echo unknown)."
echo "exit ends the machine; so does Ctrl-A X."
setsid cttyhack sh
poweroff -f
`;

function tests({ programs, coverage, environment }: InitOptions): string {
  const calls = programs.map(
    ({ name, command, limit }) => `run ${quote(name)} ${Math.ceil(limit)} ${command.map(quote).join(' ')}\n`,
  );
  return `frame ready
frame "release $(uname -r)"
[ ! -r /sys/kernel/security/lsm ] || frame "lsm $(cat /sys/kernel/security/lsm)"

# Hundredths of a second.
now() { cut -d' ' -f1 /proc/uptime | tr -d .; }

run() {
  name=$1 limit=$2
  shift 2
  echo "<6>disablenetwork-vm: begin $name" >/dev/kmsg
  frame "begin $name"
  start=$(now)
  rm -rf /tmp/.timeout
  cd "$(dirname "$1")" 2>/dev/null || cd /
  setsid env${environment.map((variable) => ` ${quote(variable)}`).join('')} "$@" </dev/null >/dev/ttyS1 2>&1 &
  child=$!
  # busybox's timeout would leave what the program has started.
  (sleep "$limit"; touch /tmp/.timeout; kill -9 -"$child" "$child") 2>/dev/null &
  timer=$!
  wait "$child"
  code=$?
  kill -9 "$timer" 2>/dev/null
  wait "$timer" 2>/dev/null
  kill -9 -"$child" 2>/dev/null
  how=
  [ ! -e /tmp/.timeout ] || how=timeout
  # expr, for the shell would read 094 as octal.
  frame "end $code $(expr "$(now)" - "$start") $how"
  echo "<6>disablenetwork-vm: end $name" >/dev/kmsg
  cd /
}

${calls.join('')}${coverage ? handOverCoverage : ''}
# What a test has set off may show a little later.
sync
frame done
poweroff -f
`;
}

// The files in debugfs say that they are empty, so they are copied before they are packed.
const handOverCoverage = `
mkdir /tmp/coverage
(cd /sys/kernel/debug/gcov 2>/dev/null || fail "the kernel has no gcov"
 find . -path '*security/disablenetwork*' -name '*.gcda' | while read -r file; do
   mkdir -p "/tmp/coverage/$(dirname "$file")" && cat "$file" >"/tmp/coverage/$file"
 done)
frame "file coverage.tar.gz"
tar -C /tmp/coverage -czf - . | base64 >/dev/ttyS1
frame "file "
`;
