// SPDX-License-Identifier: MIT

/** One descriptor as the kernel describes it; numbers are the kernel's own constants. */
export interface RawDescriptor {
  fd: number;
  /** Empty when the path is too long for the kernel to write out. */
  link: string;
  /** Type and permissions of the file, as in `stat`; null when the kernel does not tell. */
  mode: number | null;
  /** It was opened for writing. */
  writable: boolean;
  /** Device number of a character device as `major:minor`; null for anything else. */
  device: string | null;
  /**
   * A character device's driver: its name in `/proc/devices`, or `misc/` and its name in `/proc/misc`;
   * null for anything else, and when neither says.
   */
  driver: string | null;
  /** The file is one of a proc file system, wherever that is mounted, or the kernel does not tell. */
  inProc: boolean;
  socket: RawSocket | null;
}

export interface RawSocket {
  /** 0 (AF_UNSPEC) when the kernel refuses to say anything. */
  family: number;
  type: number;
  protocol: number;
  listening: boolean;
  /** It has a peer, which may have no name. */
  connected: boolean;
  local: string | null;
  remote: string | null;
  /** Inode of the socket's network namespace; null when the kernel refuses to say. */
  networkNamespace: number | null;
}

export interface RawThread {
  tid: number;
  /** Text of `/proc/PID/task/TID/status`. */
  status: string;
  /** Text of `/proc/PID/task/TID/stat`. */
  stat: string;
  /**
   * What is in the thread's descriptor table, when that is not the caller's; only for the own process.
   * A socket says nothing of itself from there. -errno when the table cannot be read.
   */
  foreign: RawDescriptor[] | number;
}

/** What one thread answered when it was asked to restrict or to try. */
export interface ThreadAnswer {
  tid: number;
  /** 0 or -errno. */
  result: number;
}

export interface BroadcastAnswer {
  /** 0, or -errno of the broadcast itself: -ETIMEDOUT when a thread does not answer. */
  result: number;
  answers: ThreadAnswer[];
  /** Threads that did not answer in time. */
  silent: number[];
}

/** What {@link NativeBinding.beginDrop} puts in force. */
export interface BeginOrder {
  /** PR_SET_NOSUID and PR_SET_NETWORK. */
  kernelPatch: boolean;
  /** The filter's policy; null for none. */
  policy: number | null;
  /** Exchange rings of libuv's kind for ones that can do nothing but epoll_ctl. */
  sealRings: boolean;
  /** No ring may be left as it is: none is accepted, and none is closed afterwards. */
  everyRing: boolean;
  /** Landlock's bits; both 0 for none. */
  handledNetwork: number;
  scoped: number;
}

export interface BeginOutcome {
  /** -errno of the step that failed, or for the filter the tid of a thread whose filters differ. */
  result: number;
  /** The step that failed, in the order of csrc/drop/drop.h; 0 when none did. */
  step: number;
  /** The thread that failed or was silent, else 0. */
  thread: number;
  /** Something has changed that cannot be taken back. */
  hasChanged: boolean;
  /** Descriptors of the rings that the kernel restricts now. */
  sealed: number[];
}

/**
 * The native addon. Every function returns a value, or a negative errno; none throws.
 * `policy` is a sum of {@link SeccompPolicy} bits.
 */
export interface NativeBinding {
  prctlSetNetwork(flags: number): number;
  prctlGetNetwork(): number;
  prctlSetNoSuid(): number;
  prctlGetNoSuid(): number;

  /** Takes the process's lock: 0, -ETIMEDOUT, or another -errno. It goes with its thread. */
  lockProcess(timeout: number): number;
  /** Gives it back, and closes what {@link prepareAttempts} made. */
  unlockProcess(): void;
  /** Landlock's ABI and whether filters can be installed on all threads (0): or -errno, or {@link killed}. */
  askKernel(): { landlockAbi: number; seccomp: number };
  /** The filter's instructions, 8 bytes each, as the kernel gets them; or -errno. */
  seccompProgram(policy: number): Uint8Array | number;
  /** The filter that says that the drop of this policy is in force; or -errno. */
  statusProgram(policy: number): Uint8Array | number;
  /** The filters of any thread, newest first, or -errno. Stops the thread for a moment. */
  seccompDump(tid: number): Uint8Array[] | number;

  /** Puts all of a drop in force but the last word; csrc/drop/drop.h has the steps. */
  beginDrop(order: BeginOrder, timeout: number): BeginOutcome;
  /** Makes the kernel say that the drop is in force: 0, -errno, or the tid of a thread whose filters differ. */
  finishDrop(policy: number): number;
  /** Makes every later call know that a drop failed halfway, and in children the kernel. As {@link finishDrop}. */
  markUnfinished(reason: string): number;
  /** What {@link markUnfinished} was told in this process; else null. */
  unfinishedReason(): string | null;
  /** Makes what the attempts need: the bits of {@link Attempt} that can be tried, or -errno. */
  prepareAttempts(wanted: number): number;
  closeAttempts(): void;
  /** Each thread answers 0, or 4096 times the bit of a way that is open plus the errno that came. */
  tryInEveryThread(attempts: number, timeout: number): BroadcastAnswer;

  /** Sets no_new_privs on every thread. */
  noNewPrivilegesOnAllThreads(timeout: number): BroadcastAnswer;
  /** Counts the io_urings that each thread has registered: they may be open nowhere else. */
  countRegisteredRings(timeout: number): BroadcastAnswer;
  /** Tries socket(family, type) in the calling thread: 0 or -errno. The socket is closed. */
  trySocket(family: number, type: number): number;
  /** Runs the whole drop in a short-lived child: 0, or -errno of its first step that failed. */
  trialDrop(policy: number, handledNetwork: number, scoped: number): number;

  /** The tid of the calling thread. */
  currentThread(): number;
  /** Threads of a process; 0 means this one. */
  listThreads(pid: number): RawThread[] | number;
  /** Threads of other processes that this process traces with ptrace, or -errno. */
  listTracees(): number[] | number;
  listDescriptors(): RawDescriptor[] | number;
  /** How many descriptors RLIMIT_NOFILE leaves, or -errno. */
  countDescriptorsLeft(): number;
  /**
   * Character devices below /dev that this process may open, as if each were open as -1; or -errno. A
   * folder that cannot be read stands for what is in it.
   */
  listDeviceFiles(): RawDescriptor[] | number;
  /**
   * Calls `list` while every handle of this thread's event loop counts as active; `polled` are the
   * descriptors that it watches for somebody who made them himself.
   */
  inspectEventLoop(list: () => unknown[]): { handles: unknown[]; polled: number[] };
  /** Links of sockets, devices and anonymous inodes that a memory mapping keeps alive; or -errno. */
  listMappedLinks(): string[] | number;
  /** How many io_urings are mapped and have no descriptor any more, or -errno. All have one link. */
  countMappedOnlyRings(): number;
  /** Descriptors of the rings that {@link beginDrop} can restrict; or -errno. Changes nothing. */
  listSealableRings(): number[] | number;
  /**
   * Puts a dead placeholder in each descriptor's place, so that its number is not reused under its
   * owner. Answers 0 or -errno for each; 0 also for what was closed meanwhile, which the link tells.
   */
  killDescriptors(
    descriptors: readonly { readonly fd: number; readonly link: string }[],
    milliseconds: number,
  ): number[];

  /** Whether {@link killDescriptors} has put a placeholder anywhere, in any thread. */
  hasKilledDescriptors(): boolean;

  /**
   * Replaces the process image; returns only on failure, with -errno. The program gets the standard
   * streams, the `descriptors`, and the default action of the signals that Node ignores.
   */
  execute(
    file: string,
    args: readonly Uint8Array[],
    environment: readonly Uint8Array[],
    descriptors: readonly number[],
  ): number;
}

/** Bits of the seccomp policy; the same numbers stand in csrc/seccomp/policy.h. */
export const SeccompPolicy = {
  /** Deny listen(): a kept TCP socket could be turned into a listener. */
  denyListen: 1,
  /** Deny connect, bind, listen, addressed sendto and new Unix datagram sockets. */
  denyNewUnixPeers: 2,
  /** Deny ptrace and its relatives: nothing else guards other processes. */
  denyTracing: 4,
  /** Answer prctl(PR_GET_NETWORK), so that children and later calls can ask. */
  answerStatus: 8,
  /** Recorded in the answer only: Landlock is in force beside the filter. */
  withLandlock: 16,
  /** Recorded in the answer only: unixSockets is 'all'. */
  allUnixSockets: 32,
  /** Recorded in the answer only: PR_SET_NETWORK is in force beside the filter. */
  withKernelPatch: 64,
  /** Allow io_uring_enter on the rings that are there. */
  allowRings: 128,
  /** Recorded in the answer only: the kernel restricts every ring that was there to epoll_ctl. */
  ringsRestricted: 256,
} as const;

/** Bits of what is tried after a drop; the same numbers stand in csrc/drop/attempts.h. */
export const Attempt = {
  sockets: 1,
  tcpConnect: 2,
  abstractName: 4,
  tracing: 8,
  ioUring: 16,
  noNewPrivileges: 32,
  /** No attempt: the kernel patch answers for an abstract name as if nobody listened. */
  namesSeemAbsent: 64,
} as const;

/** In the place of an errno: a filter kills whoever asks (csrc/drop/trial.h). */
export const killed = -4096;

/** prctl(PR_GET_NETWORK) fails with this number plus the policy; csrc/seccomp/policy.h says why. */
export const statusBase = 0xe00;
export const everyPolicyBit = 511;
/** And with this one while a drop has begun and not ended. */
export const statusUnfinished = statusBase - 1;
