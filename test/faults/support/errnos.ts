// SPDX-License-Identifier: MIT
// The errors that each system call can really have, from its manual page and the kernel's sources: with
// valid arguments, and on a machine that is full, busy or strict.

const descriptors = ['EMFILE', 'ENFILE', 'ENOMEM'];
const signalled = ['EAGAIN', 'ESRCH'];
const created = ['EAGAIN', 'ENOMEM'];

export const errnos: Readonly<Record<string, readonly string[]>> = {
  openat: [...descriptors, 'EACCES', 'EINTR'],
  open: [...descriptors, 'EACCES', 'EINTR'],
  readlink: ['ENOMEM', 'EACCES'],
  readlinkat: ['ENOMEM', 'EACCES'],
  newfstatat: ['ENOMEM', 'EACCES'],
  statx: ['ENOMEM', 'EACCES'],
  stat: ['ENOMEM', 'EACCES'],
  lstat: ['ENOMEM', 'EACCES'],
  statfs: ['ENOMEM', 'EACCES'],
  access: ['ENOMEM', 'EACCES'],
  faccessat2: ['ENOMEM', 'EACCES'],
  getcwd: ['ENOMEM'],
  read: ['EIO', 'EINTR'],
  pread64: ['EIO', 'EINTR'],
  write: ['EIO', 'EINTR', 'EAGAIN'],
  close: ['EIO', 'EINTR'],
  fstat: ['ENOMEM'],
  getdents64: ['EIO', 'ENOMEM'],
  flock: ['EINTR', 'ENOLCK', 'EWOULDBLOCK'],
  ioctl: ['ENOMEM', 'EINTR'],
  fcntl: ['EMFILE', 'ENOLCK', 'EINTR'],
  dup: ['EMFILE'],
  dup2: ['EBUSY', 'EMFILE', 'EINTR'],
  dup3: ['EBUSY', 'EMFILE', 'EINTR'],
  pipe2: descriptors,
  eventfd2: descriptors,
  memfd_create: descriptors,
  poll: ['EINTR', 'ENOMEM'],
  ppoll: ['EINTR', 'ENOMEM'],
  epoll_create1: descriptors,
  epoll_ctl: ['ENOMEM', 'ENOSPC'],
  epoll_wait: ['EINTR'],
  epoll_pwait: ['EINTR'],
  socket: [...descriptors, 'ENOBUFS', 'EACCES', 'EAFNOSUPPORT'],
  socketpair: descriptors,
  connect: ['ENOMEM', 'EINTR', 'EAGAIN', 'ECONNREFUSED'],
  bind: ['ENOMEM', 'EADDRINUSE'],
  listen: ['EADDRINUSE'],
  sendto: ['ENOMEM', 'ENOBUFS', 'EINTR'],
  sendmsg: ['ENOMEM', 'ENOBUFS', 'EINTR'],
  recvfrom: ['ENOMEM', 'EINTR', 'EAGAIN'],
  recvmsg: ['ENOMEM', 'EINTR', 'EAGAIN'],
  shutdown: ['ENOTCONN'],
  getsockname: ['ENOBUFS'],
  getpeername: ['ENOBUFS'],
  getsockopt: ['ENOMEM', 'ENOPROTOOPT'],
  setsockopt: ['ENOMEM', 'ENOPROTOOPT'],
  mmap: ['ENOMEM', 'EAGAIN'],
  munmap: ['ENOMEM'],
  mremap: ['ENOMEM'],
  mprotect: ['ENOMEM'],
  madvise: ['ENOMEM', 'EAGAIN'],
  clone: created,
  clone3: created,
  fork: created,
  vfork: created,
  wait4: ['EINTR'],
  waitid: ['EINTR'],
  kill: signalled,
  tgkill: signalled,
  rt_sigqueueinfo: signalled,
  rt_tgsigqueueinfo: signalled,
  rt_sigaction: ['EINVAL'],
  rt_sigtimedwait: ['EINTR', 'EAGAIN'],
  sigaltstack: ['ENOMEM'],
  futex: ['EINTR', 'EAGAIN'],
  membarrier: ['EPERM', 'ENOSYS'],
  nanosleep: ['EINTR'],
  clock_nanosleep: ['EINTR'],
  prctl: ['EINVAL', 'EPERM'],
  seccomp: ['EINVAL', 'ENOMEM', 'EPERM', 'EACCES', 'ESRCH', 'EBUSY'],
  capget: ['EPERM'],
  ptrace: ['EPERM', 'ESRCH'],
  process_vm_readv: ['ENOMEM', 'ESRCH'],
  process_vm_writev: ['ENOMEM', 'ESRCH'],
  kcmp: ['EPERM', 'ESRCH'],
  pidfd_open: [...descriptors, 'ESRCH'],
  close_range: ['ENOMEM', 'EMFILE'],
  unshare: ['ENOMEM', 'EPERM', 'EMFILE'],
  io_uring_setup: [...descriptors, 'EPERM'],
  io_uring_enter: ['EINTR', 'EAGAIN', 'EBUSY', 'ENOMEM'],
  io_uring_register: ['ENOMEM', 'EBUSY', 'EINTR'],
  landlock_create_ruleset: ['ENOMEM', 'EMFILE', 'EPERM', 'EOPNOTSUPP'],
  landlock_add_rule: ['ENOMEM', 'EINVAL'],
  landlock_restrict_self: ['ENOMEM', 'E2BIG', 'EPERM'],
};

/**
 * Calls that the kernel cannot fail, with arguments that are valid; and brk, which says that it has failed
 * by answering the old address.
 */
export const cannotFail: readonly string[] = [
  'brk',
  'clock_gettime',
  'exit',
  'exit_group',
  'geteuid',
  'getpid',
  'getppid',
  'getrandom',
  'getrlimit',
  'gettid',
  'getuid',
  'lseek',
  'prlimit64',
  'restart_syscall',
  'rt_sigpending',
  'rt_sigprocmask',
  'rt_sigreturn',
  'sched_getaffinity',
  'sched_yield',
  'sysinfo',
  'uname',
];

/** Operations of futex(2) that wait; waking cannot fail. */
const waits = ['0', '9', '128', '137'];

/** Errors of one moment: a call that goes on to have them has no end that is real. */
const momentary = ['EINTR', 'EAGAIN', 'EWOULDBLOCK', 'ESRCH', 'EBUSY', 'EADDRINUSE', 'EIO'];

export function errnosOf(call: string, about: string): readonly string[] {
  return call === 'futex' && !waits.includes(about) ? [] : (errnos[call] ?? []);
}

/** Unmapping a whole area fails for want of the kernel's memory alone, and not for long. */
export const canPersist = (call: string, errno: string): boolean => call !== 'munmap' && !momentary.includes(errno);

/** close(2) lets go of the descriptor whatever it answers. */
export const isMade = (call: string): boolean => call === 'close';
