// SPDX-License-Identifier: MIT
import type { providerNames, residualIds, unixSocketPolicies } from './ids';

/** What enforces the drop, weakest last. The README's kernel table says what each one closes. */
export type ProviderName = (typeof providerNames)[number];

/** Which Unix sockets go on working after the drop. */
export type UnixSocketPolicy = (typeof unixSocketPolicies)[number];

/** The closed set of residuals: ways out that stay open because of a descriptor that is open. */
export type ResidualId = (typeof residualIds)[number];

/** The closed set of limits: what the provider in force leaves open whatever is open now. */
export type LimitId =
  | 'abstract-unix-names'
  | 'process-memory-files'
  | 'received-descriptors'
  | 'unix-peers'
  | 'accepted-connections'
  | 'typing-into-terminals'
  | 'helpers-of-the-kernel'
  | 'network-devices'
  | 'privileged-process';

/** The closed set of side effects: what stops working although it is no network. */
export type SideEffectId =
  'unix-listen' | 'unix-connect' | 'abstract-names-eperm' | 'io-uring' | 'foreign-abi' | 'tracing';

/**
 * The closed set of what is tried, in every thread, before a drop is said to be in force. `tracing` is
 * looking into a process outside: the kernel's check is the one of ptrace(2), pidfd_getfd(2) and
 * /proc/PID/mem (`ptrace_may_access()`).
 */
export type AttemptId = 'socket' | 'tcp-connect' | 'abstract-name' | 'tracing' | 'io-uring' | 'privilege';

export interface DisableNetworkOptions {
  /** The least provider that the caller accepts; `'auto'` (default) takes the best one present. */
  provider?: 'auto' | ProviderName;
  /** Default `'pathname'`. */
  unixSockets?: UnixSocketPolicy;
  /** Whether listening sockets that are no Unix sockets go on accepting. Default `'keep'`. */
  listeners?: 'keep' | 'close';
  /** What to do about residuals: throw (default), close their descriptors, or accept these. */
  residuals?: 'throw' | 'close' | readonly ResidualId[];
  /**
   * Whether errors that the drop causes say so, in the thread that calls: a Worker has modules of its own, and
   * calls once more, or is started with `--import disablenetwork/register`. Default `true`.
   */
  explain?: boolean;
}

/** The class of a descriptor, as far as the network is concerned. */
export type DescriptorKind =
  | 'unix'
  | 'tcp'
  | 'mptcp'
  | 'udp'
  | 'sctp'
  | 'raw'
  | 'packet'
  | 'netlink'
  | 'vsock'
  | 'other-socket'
  | 'io-uring'
  | 'network-device'
  | 'process-memory'
  | 'other';

/** One descriptor that matters. Every field is JSON. */
export interface Descriptor {
  readonly fd: number;
  readonly kind: DescriptorKind;
  /** What `/proc/self/fd/N` links to, for example `socket:[1234]`. */
  readonly link: string;
  /** Address family, for example `AF_INET`; null for what is no socket. */
  readonly family: string | null;
  /** Socket type, for example `SOCK_STREAM`; null for what is no socket. */
  readonly type: string | null;
  /** Protocol number; null for what is no socket. */
  readonly protocol: number | null;
  readonly state: 'listening' | 'connected' | 'unconnected' | null;
  /** `address:port`, `[address]:port`, a pathname or `@name`; null when there is none. */
  readonly local: string | null;
  readonly remote: string | null;
  /** Inode of the network namespace that the socket belongs to; null when the kernel does not say. */
  readonly networkNamespace: number | null;
  /** The service behind a Unix connection that acts on request (`D-Bus`, `Docker`); else null. */
  readonly broker: string | null;
  /**
   * What holds it in the thread that asked: `net.Server`, `http.Server`, `net.Socket`, `dgram.Socket` and
   * the like, or `DNS query`; null when none of Node's objects there does.
   */
  readonly owner: string | null;
  /** False for what closing the descriptor would not end (an io_uring or a socket with a ring that is still mapped). */
  readonly closable: boolean;
}

/** What the kernel says of one thread, from `/proc/self/task/TID/status`. */
export interface ThreadState {
  readonly tid: number;
  readonly name: string;
  /** Null where /proc does not say: gVisor, and Linux before 4.10. */
  readonly noNewPrivileges: boolean | null;
  /** 0 none, 1 strict, 2 filter. */
  readonly seccompMode: number;
  /** Number of filters; null before Linux 5.9. */
  readonly seccompFilters: number | null;
  /** A kernel worker of this process (io_uring): it makes no system calls and takes no signals. */
  readonly kernelWorker: boolean;
}

/** A named way out that stays open, the descriptor behind it, and what closes it. */
export interface Residual {
  readonly id: ResidualId;
  readonly descriptor: Descriptor | null;
  /** What can be done with it, for example `sendmsg() to any address`. */
  readonly ways: readonly string[];
  /** One sentence that says what to do. */
  readonly remedy: string;
  readonly closable: boolean;
}

export interface Limit {
  readonly id: LimitId;
  readonly description: string;
}

export interface SideEffect {
  readonly id: SideEffectId;
  readonly description: string;
}

/** What a plan and a receipt have in common. */
export interface DropSummary {
  /** The network was off before, and the options ask for nothing more. */
  readonly alreadyDisabled: boolean;
  readonly provider: ProviderName;
  /** Landlock's ABI as the kernel reports it; 0 when it is absent. */
  readonly landlockAbi: number;
  readonly unixSockets: UnixSocketPolicy;
  /** What enforces it, in the order of application. */
  readonly mechanisms: readonly string[];
  /** Threads of the process: at the moment of the plan, or found covered after the drop. */
  readonly threads: number;
  /** Sockets that go on working. */
  readonly kept: readonly Descriptor[];
  /** Residuals that the options accept by name. */
  readonly accepted: readonly Residual[];
  readonly limits: readonly Limit[];
  readonly sideEffects: readonly SideEffect[];
}

/** What {@link planDisableNetwork} found, without changing anything. */
export interface Plan extends DropSummary {
  /** Listening sockets that `listeners: 'close'` closes, and residuals that `'close'` closes. */
  readonly toClose: readonly Descriptor[];
  /** Residuals that make the default, strict mode throw. */
  readonly residuals: readonly Residual[];
}

/** What {@link disableNetwork} did. Frozen, and JSON all through. */
export interface Receipt extends DropSummary {
  /** Descriptors that were closed, listeners and residuals. */
  readonly closed: readonly Descriptor[];
  /**
   * What was tried and refused in every thread. `privilege` means that none can gain any by execve. A
   * way that was shut before the drop is not in the list, nor one that needs a socket or a process
   * from before it when `alreadyDisabled` is true.
   */
  readonly tried: readonly AttemptId[];
}

/** Whether a process has its network off, and how that is known. */
export interface NetworkStatus {
  readonly pid: number;
  /** `'partial'`: a drop has begun and not ended; it failed halfway, or another thread is at it. */
  readonly network: 'disabled' | 'enabled' | 'partial' | 'unknown';
  readonly provider: ProviderName | null;
  readonly unixSockets: UnixSocketPolicy | null;
  /** One sentence: what the answer rests on. */
  readonly reason: string;
  readonly threads: readonly ThreadState[];
}

/** One thing that the kernel offers or lacks. */
export interface Mechanism {
  readonly name: string;
  readonly state: 'active' | 'degraded' | 'absent';
  readonly reason: string;
  /** What to do about it; null when there is nothing to do. */
  readonly remedy: string | null;
}

export interface KernelSupport {
  readonly platform: string;
  readonly architecture: string;
  /** For the reader only: nothing is decided by it. */
  readonly kernelRelease: string;
  /** What stands in for the kernel, for example `gVisor`; null on Linux itself. */
  readonly sandbox: string | null;
  /** The best provider present; null when there is none. */
  readonly provider: ProviderName | null;
  readonly landlockAbi: number;
  readonly mechanisms: readonly Mechanism[];
}
