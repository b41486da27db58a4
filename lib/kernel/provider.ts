// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../errors';
import { killed, type NativeBinding } from '../native/binding';
import type { ResolvedOptions } from '../options/resolve';
import { adviceFor, isShortage, nameOfErrno, systemError } from '../system-error';
import type { ProviderName, ThreadState } from '../types';
import { enforcementOf, landlockAbi } from './enforcement';
import type { KernelProbe } from './probe';

/** Best first. */
const byStrength: readonly ProviderName[] = ['lsm', 'landlock', 'seccomp'];

/** How a provider compares with another: positive when the first is the stronger one. */
export function compareStrength(first: ProviderName, second: ProviderName): number {
  return byStrength.indexOf(second) - byStrength.indexOf(first);
}

/**
 * The best provider present, at least as strong as the caller demands.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_UNSUPPORTED`, with the reason of each that is absent.
 */
export function chooseProvider(
  binding: NativeBinding,
  probe: KernelProbe,
  options: ResolvedOptions,
  threads: readonly ThreadState[],
): ProviderName {
  const least = options.provider === 'auto' ? 'seccomp' : options.provider;
  const reasons: string[] = [];
  for (const provider of byStrength) {
    if (compareStrength(provider, least) < 0) break;
    const reason = whyAbsent(binding, probe, options, threads, provider);
    if (reason === null) return provider;
    reasons.push(`${provider}: ${reason}`);
  }
  throw new DisableNetworkError(
    'ERR_DISABLENETWORK_UNSUPPORTED',
    `This kernel cannot disable the network with provider '${options.provider}'. ${reasons.join(' ')} ` +
      'Nothing was changed. Run `npx disablenetwork check` for the whole picture.',
  );
}

function whyAbsent(
  binding: NativeBinding,
  probe: KernelProbe,
  options: ResolvedOptions,
  threads: readonly ThreadState[],
  provider: ProviderName,
): string | null {
  if (provider === 'lsm') return whyNoKernelPatch(probe, options);
  if (provider === 'landlock' && probe.landlockAbi < landlockAbi.tcp) return whyNoLandlock(probe);
  if (probe.seccompErrno !== 0) {
    return `seccomp filters cannot be installed on all threads (${describeAnswer(probe.seccompErrno)}).`;
  }
  const other = threadWithOtherFilters(threads, binding.currentThread());
  if (other !== undefined) {
    return `thread ${String(other.tid)} (${other.name}) has seccomp filters that the others lack; install them on all threads.`;
  }
  return whyTrialFails(binding, probe, options, provider);
}

function whyNoKernelPatch(probe: KernelProbe, options: ResolvedOptions): string | null {
  if (!probe.hasNetworkPrctl) return 'the kernel does not know PR_SET_NETWORK.';
  return options.unixSockets === 'all'
    ? "PR_SET_NETWORK refuses abstract names, so it cannot do unixSockets 'all'."
    : null;
}

function whyNoLandlock(probe: KernelProbe): string {
  if (probe.landlockAbi > 0) {
    return `Landlock's ABI is ${String(probe.landlockAbi)}; network rules need ${String(landlockAbi.tcp)} (Linux 6.7).`;
  }
  if (probe.landlockErrno === killed) return `${describeAnswer(killed)}. ${killedRemedy}`;
  return `Landlock answers ${nameOfErrno(probe.landlockErrno)}; boot with lsm=landlock,... and a kernel since 6.7.`;
}

/** What to do where a sandbox kills whoever makes the calls that a drop needs. */
export const killedRemedy =
  'Allow the system calls seccomp, landlock_create_ruleset, landlock_add_rule and landlock_restrict_self in the ' +
  'sandbox of this process (systemd: add them to SystemCallFilter=).';

/** What the kernel answered, as people read it. */
export function describeAnswer(answer: number): string {
  return answer === killed ? 'the sandbox of this process kills whoever asks' : nameOfErrno(answer);
}

/** A thread whose filters are no ancestor of the caller's makes the kernel refuse to synchronise. */
function threadWithOtherFilters(threads: readonly ThreadState[], callerTid: number): ThreadState | undefined {
  const caller = threads.find((thread) => thread.tid === callerTid);
  const most = caller?.seccompFilters ?? null;
  return threads.find(
    (thread) =>
      thread.seccompMode === 1 || (most !== null && thread.seccompFilters !== null && thread.seccompFilters > most),
  );
}

function whyTrialFails(
  binding: NativeBinding,
  probe: KernelProbe,
  options: ResolvedOptions,
  provider: ProviderName,
): string | null {
  const { seccompPolicy, landlock } = enforcementOf(provider, probe.landlockAbi, options.unixSockets, {
    denyListen: true,
    rings: 'none',
  });
  const result = binding.trialDrop(seccompPolicy ?? 0, landlock?.handledNetwork ?? 0, landlock?.scoped ?? 0);
  if (result === 0) return null;
  const advice = adviceFor(result, 'trial');
  // Else a weaker provider would be taken for a reason that passes.
  if (isShortage(result)) throw systemError('ERR_DISABLENETWORK_KERNEL', 'trial', result, advice ?? '');
  return `a trial in a child process failed (${describeAnswer(result)}).${advice === null ? '' : ` ${advice}`}`;
}
