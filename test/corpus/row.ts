// SPDX-License-Identifier: MIT
// One row of the corpus: one way to the network, or one thing that must go on working.
import type { DisableNetworkOptions, LimitId } from '../../lib/types';
import type { Toolbox } from '../support/toolbox';

/** What the attacker knows of the world outside. */
export interface Situation<Input = unknown> {
  /** Ports of a TCP server and a UDP receiver on 127.0.0.1 and ::1: what gets there has got out. */
  readonly tcp: number;
  readonly udp: number;
  /** What to send there; each try has a text of its own. */
  readonly text: string;
  /** A folder for this try alone. */
  readonly folder: string;
  /** The programs of {@link Row.programs}, by name. */
  readonly programs: Readonly<Record<string, string>>;
  /** By how much this machine may be slower than others. */
  readonly timeFactor: number;
  readonly input: Input;
}

/** `ok`, or the name of an error. Both functions run in the child: they see only their arguments. */
export type Act<State, Input> = (
  toolbox: Toolbox,
  situation: Situation<Input>,
  state: State,
) => string | Promise<string>;

export type Prepare<State, Input> = (toolbox: Toolbox, situation: Situation<Input>) => State | Promise<State>;

export interface Row<State = unknown, Input = unknown> {
  /** The id of the way in the corpus, a dot, and which form of it: `A01.tcp6-bind`. */
  readonly id: string;
  readonly title: string;
  /** Before the drop. */
  readonly prepare?: Prepare<State, Input>;
  /** After the drop; and before it, on a state of its own, as the positive control: that has to be `ok`. */
  readonly act: Act<State, Input>;
  readonly input?: Input;
  /** The way is only open when the text has come in outside. */
  readonly wire?: true;
  /** It is no way out but must go on working. */
  readonly kept?: true;
  readonly options?: DisableNetworkOptions;
  /** The limit of the receipt that names the way where it is open, and no descriptor is to blame. */
  readonly limit?: LimitId;
  /** Answers of the control with which the kernel says that it has no such thing. */
  readonly absent?: readonly string[];
  /** The control leaves something behind that is no descriptor, and so has a process of its own. */
  readonly apart?: true;
  /** A command that ends in executing the one that is put behind it. */
  readonly launcher?: readonly string[];
  /** Run as nobody: root holds capabilities that would change the answer. */
  readonly unprivileged?: true;
  /** Names of C programs in ../support/programs. */
  readonly programs?: readonly string[];
  /** What the programs, then copies that belong to root, would grant to whoever executes them. */
  readonly grants?: 'setuid' | 'capability';
  /** The drop itself may fail, with an error that the verdict names. */
  readonly throws?: true;
}

/** Rows of any state and input in one list. */
export const row = <State, Input>(fields: Row<State, Input>): Row => fields as unknown as Row;
