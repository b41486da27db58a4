// SPDX-License-Identifier: MIT
import type { Ports } from './outside';
import type { Postgres } from './postgres';
import type { Program } from './requirements';

/** What the service is told at its start, as JSON in this variable of its environment. */
export const settingsVariable = 'DEMO_SETTINGS';

export interface Settings {
  readonly postgres: Postgres;
  readonly ports: Ports;
  readonly programs: Record<Program, string>;
  /** The compiled io_uring client. */
  readonly ring: string;
  /** The X server, as a client names it. */
  readonly display: string;
  /** A directory that the service may write to. */
  readonly home: string;
  readonly certificate: string;
}

/** What the driver asks of the service over the IPC channel. */
export interface Question {
  readonly id: number;
  readonly operation: string;
  /** Random text that the operation has to carry. */
  readonly token: string;
}

export interface Failure {
  readonly message: string;
  readonly code: string | null;
  /** The error is one that the package says the drop caused. */
  readonly explained: boolean;
}

export type Answer =
  | { readonly id: number; readonly text: string; readonly failure?: undefined }
  | { readonly id: number; readonly text?: undefined; readonly failure: Failure };

/** One thing that the service can be asked to do: gets a token, gives an answer or throws. */
export type Operation = (token: string) => Promise<string>;
