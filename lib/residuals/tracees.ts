// SPDX-License-Identifier: MIT
import type { NativeBinding } from '../native/binding';
import { procAdvice, systemError } from '../system-error';
import type { Residual } from '../types';

/**
 * Landlock asks when a process begins to trace another, and never again: what is traced since before
 * the drop stays at the tracer's command. It keeps its own network.
 */
export function findTracees(binding: NativeBinding): Residual[] {
  const tracees = binding.listTracees();
  if (typeof tracees === 'number') throw systemError('ERR_DISABLENETWORK_KERNEL', 'open /proc', tracees, procAdvice);
  return tracees.map((tid) => ({
    id: 'process-memory',
    descriptor: null,
    ways: [`ptrace() of ${String(tid)}, which this process traces already`],
    remedy: `Detach from ${String(tid)} first, or accept it with residuals: ['process-memory'].`,
    closable: false,
  }));
}
