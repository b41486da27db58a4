// SPDX-License-Identifier: MIT

/** One descriptor as the kernel describes it; numbers are the kernel's own constants. */
export interface RawDescriptor {
  fd: number;
  link: string;
  /** Device number of a character device as `major:minor`; null for anything else. */
  device: string | null;
  /** Name of a character device's driver in `/proc/devices`; null for anything else. */
  driver: string | null;
  /** The file is one of a proc file system, wherever that is mounted. */
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
   * Links of `/proc/PID/task/TID/fd`, when the thread's descriptor table is not the caller's; only for
   * the own process.
   */
  links: string[];
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

/**
 * The native addon. Every function returns a value, or a negative errno; none throws.
 * `policy` is a sum of {@link SeccompPolicy} bits.
 */
export interface NativeBinding {
  prctlSetNetwork(flags: number): number;
  prctlGetNetwork(): number;
  prctlSetNoSuid(): number;
  prctlGetNoSuid(): number;

  /** 0 when filters can be installed on all threads at once, else -errno. */
  seccompProbe(): number;
  /** The filter's instructions, 8 bytes each, as the kernel gets them; or -errno. */
  seccompProgram(policy: number): Uint8Array | number;
  /** 0, -errno, or the tid of a thread whose filters differ from the caller's. */
  seccompInstall(policy: number): number;

  /** The filters of any thread, newest first, or -errno. Stops the thread for a moment. */
  seccompDump(tid: number): Uint8Array[] | number;

  /** The ABI, or -errno. */
  landlockAbi(): number;
  /** The errata bits, or -errno. */
  landlockErrata(): number;
  /** Restricts every thread; `handledNetwork` and `scoped` are the kernel's bits. */
  landlockRestrict(handledNetwork: number, scoped: number, allThreadsFlag: boolean, timeout: number): BroadcastAnswer;

  /** Sets no_new_privs on every thread. */
  noNewPrivilegesOnAllThreads(timeout: number): BroadcastAnswer;
  /** Tries socket(AF_INET) in every thread; a thread answers -EPERM when it is covered. */
  trySocketOnAllThreads(timeout: number): BroadcastAnswer;
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
  /** Links of sockets, devices and anonymous inodes that a memory mapping keeps alive; or -errno. */
  listMappedLinks(): string[] | number;
  /** How many io_urings are mapped and have no descriptor any more, or -errno. All have one link. */
  countMappedOnlyRings(): number;
  /** Descriptors of the rings that {@link seccompInstallSealingRings} can seal; or -errno. Changes nothing. */
  listSealableRings(): number[] | number;
  /**
   * As {@link seccompInstall}; and in the same moment exchanges rings of libuv's kind for ones that
   * can do nothing but epoll_ctl. `sealed` are their descriptors.
   */
  seccompInstallSealingRings(policy: number, timeout: number): { result: number; sealed: number[] };
  /**
   * Puts a dead placeholder in each descriptor's place, so that its number is not reused under its
   * owner. Answers 0 or -errno for each; 0 also for what was closed meanwhile, which the link tells.
   */
  killDescriptors(descriptors: readonly { readonly fd: number; readonly link: string }[]): number[];

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

/** Bits of the seccomp policy; the same numbers stand in csrc/seccomp_policy.h. */
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

/** prctl(PR_GET_NETWORK) fails with this number plus the policy; csrc/seccomp_policy.h says why. */
export const statusBase = 0xe00;
export const everyPolicyBit = 511;
