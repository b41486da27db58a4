// SPDX-License-Identifier: MIT
// The main program of a child: runs one function of a test, and hands its result back.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { openChannel } from './channel';
import { createToolbox, type Toolbox } from './toolbox';

export interface Launch {
  repository: string;
  addon: string;
  /** A module that exports the function. */
  program: string;
  input: unknown;
}

async function main(): Promise<void> {
  const launch = JSON.parse(readFileSync(0, 'utf8')) as Launch;
  const channel = openChannel(3);
  // A function may wait for what alone keeps no process alive, such as a signal.
  setInterval(() => undefined, 2 ** 30);
  const program = createRequire(__filename)(launch.program) as (toolbox: Toolbox, input: unknown) => unknown;
  try {
    const toolbox = createToolbox(launch.repository, launch.addon, channel);
    channel.write({ result: (await program(toolbox, launch.input)) ?? null });
  } catch (error) {
    channel.write({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  // Whatever the function left open must not keep the child.
  process.exit(0);
}

void main();
