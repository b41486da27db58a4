// SPDX-License-Identifier: MIT
import type { BroadcastAnswer, NativeBinding, RawThread } from '../native/binding';
import type { ResolvedOptions } from '../options/resolve';
import type { Descriptor, Residual } from '../types';
import { residualOf, type Confinement } from './descriptor';
import { findForeignTables } from './foreign-tables';
import { findHiddenRings } from './hidden-rings';
import { findPolledRings } from './polled-rings';
import { findTracees } from './tracees';

/** Every residual of what is open now. */
export function findResiduals(
  binding: NativeBinding,
  descriptors: readonly Descriptor[],
  threads: readonly RawThread[],
  confinement: Confinement,
  rings: BroadcastAnswer | null,
): readonly Residual[] {
  const residuals = descriptors
    .map((descriptor) => residualOf(descriptor, confinement))
    .filter((residual) => residual !== null);
  // What a process traces after the drop is as restricted as it is; seccomp alone denies ptrace.
  if (confinement.provider !== 'seccomp' && !confinement.alreadyInForce) residuals.push(...findTracees(binding));
  residuals.push(...findForeignTables(binding, threads, confinement));
  if (rings === null) return [...residuals, ...findPolledRings(descriptors, threads)];
  return [...residuals, ...findHiddenRings(rings)];
}

/** Splits residuals into those that throw, those that are closed and those that are accepted. */
export function sortResiduals(
  found: readonly Residual[],
  options: ResolvedOptions,
): { residuals: readonly Residual[]; accepted: readonly Residual[]; toClose: readonly Descriptor[] } {
  const { residuals: wish } = options;
  if (wish === 'throw') return { residuals: found, accepted: [], toClose: [] };
  if (wish === 'close') {
    return {
      residuals: found.filter((residual) => !residual.closable),
      accepted: [],
      toClose: found.flatMap(({ closable, descriptor }) => (closable && descriptor !== null ? [descriptor] : [])),
    };
  }
  return {
    residuals: found.filter(({ id }) => !wish.includes(id)),
    accepted: found.filter(({ id }) => wish.includes(id)),
    toClose: [],
  };
}
