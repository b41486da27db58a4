// SPDX-License-Identifier: MIT
// What the harness hands to the program, and what the program hands back.

export type Provider = 'lsm' | 'landlock' | 'seccomp';

/** `first`: the call is the first one, so that it loads the native addon; its options are the default ones. */
export type Scene = 'plain' | 'workers' | 'first';

export interface Launch {
  readonly library: string;
  /** The same package in another folder. */
  readonly copy: string;
  readonly addon: string;
  readonly provider: Provider;
  readonly scene: Scene;
  /** Whether a TCP socket is there before the drop. */
  readonly hasTcpSocket: boolean;
  /** What is outside: a TCP port, an abstract Unix name, and the process that has both. */
  readonly port: number;
  readonly abstractName: string;
  readonly pid: number;
  /** Milliseconds that a call may take. */
  readonly limit: number;
}

/** What was promised and is not so; `kind` is for counting. */
export interface Problem {
  readonly kind: 'control' | 'error' | 'lie' | 'changed' | 'leak' | 'forgotten' | 'no second' | 'disagrees' | 'slow';
  readonly what: string;
}

export interface Observation {
  readonly outcome: 'untouched' | 'partial' | 'receipt' | 'neither';
  /** Of the error; null for a receipt. */
  readonly code: string | null;
  readonly message: string;
  readonly provider: string | null;
  readonly milliseconds: number;
  readonly problems: readonly Problem[];
}
