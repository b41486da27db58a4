// SPDX-License-Identifier: MIT
import { release } from 'node:os';
import { freezeDeeply } from '../drop/freeze';
import { DisableNetworkError } from '../errors';
import type { NativeBinding } from '../native/binding';
import { loadBinding } from '../native/load';
import { resolveOptions } from '../options/resolve';
import { readThreads, stateOf } from '../inventory/threads';
import { landlockAbi } from '../kernel/enforcement';
import { inForceOf, probeKernel, type KernelProbe } from '../kernel/probe';
import { killed } from '../native/binding';
import { chooseProvider, describeAnswer, killedRemedy } from '../kernel/provider';
import type { KernelSupport, Mechanism, ProviderName } from '../types';
import { nameSandbox } from '../kernel/sandbox';

/**
 * What this kernel offers, asked of the kernel. On another platform every mechanism is absent.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_ADDON`, `_PERMISSION`: the kernel cannot be asked.
 */
export function kernelSupport(): KernelSupport {
  const sandbox = nameSandbox();
  const common = { platform: process.platform, architecture: process.arch, kernelRelease: release(), sandbox };
  if (process.platform !== 'linux') {
    return freezeDeeply({ ...common, provider: null, landlockAbi: 0, mechanisms: [] });
  }
  const binding = loadBinding();
  const probe = probeKernel(binding);
  return freezeDeeply({
    ...common,
    provider: inForceOf(probe.state)?.provider ?? bestProvider(binding, probe),
    landlockAbi: probe.landlockAbi,
    mechanisms: describeMechanisms(probe).map((mechanism) => inSandbox(mechanism, sandbox)),
  });
}

function bestProvider(binding: NativeBinding, probe: KernelProbe): ProviderName | null {
  try {
    return chooseProvider(binding, probe, resolveOptions(), stateOf(readThreads(binding, 0)));
  } catch (error) {
    if (error instanceof DisableNetworkError && error.code === 'ERR_DISABLENETWORK_UNSUPPORTED') return null;
    throw error;
  }
}

/** What a sandbox lacks, no other kernel below it brings. */
function inSandbox(mechanism: Mechanism, sandbox: string | null): Mechanism {
  if (sandbox === null || mechanism.state !== 'absent') return mechanism;
  const reason = `${mechanism.reason} ${sandbox} stands in for the kernel here, and has no such thing.`;
  return { ...mechanism, reason, remedy: null };
}

/** The mechanisms of a probe, in the order in which a reader looks for them. */
export function describeMechanisms(probe: KernelProbe): readonly Mechanism[] {
  return [kernelPatch(probe), seccomp(probe), landlockTcp(probe), landlockNames(probe), landlockUdp(probe)];
}

function kernelPatch({ hasNetworkPrctl }: KernelProbe): Mechanism {
  const name = 'PR_SET_NETWORK';
  if (hasNetworkPrctl) return active(name, 'The kernel knows it: sockets that are open are covered as well.');
  return absent(name, 'The kernel does not know it.', 'Boot a kernel with the patch series of kernel-patch/.');
}

function seccomp({ seccompErrno }: KernelProbe): Mechanism {
  const name = 'seccomp on all threads';
  if (seccompErrno === 0) return active(name, 'New sockets can be refused.');
  return absent(
    name,
    `seccomp(SECCOMP_FILTER_FLAG_TSYNC): ${describeAnswer(seccompErrno)}.`,
    seccompErrno === killed
      ? killedRemedy
      : 'Use a kernel since 3.17 with CONFIG_SECCOMP_FILTER; in a container, allow seccomp(2).',
  );
}

function landlockTcp(probe: KernelProbe): Mechanism {
  return landlock(
    probe,
    'Landlock TCP rules',
    landlockAbi.tcp,
    'TCP sockets that are open cannot connect or bind anew.',
    'Linux 6.7',
  );
}

function landlockNames(probe: KernelProbe): Mechanism {
  const reason = 'Abstract Unix names of other processes can be refused.';
  return landlock(probe, 'Landlock abstract names', landlockAbi.abstractNames, reason, 'Linux 6.12');
}

function landlockUdp(probe: KernelProbe): Mechanism {
  const reason = 'UDP sockets that are open cannot send to another address.';
  return landlock(probe, 'Landlock UDP rules', landlockAbi.udp, reason, 'Linux 7.2');
}

function landlock(probe: KernelProbe, name: string, least: number, reason: string, since: string): Mechanism {
  if (probe.landlockAbi >= least) return active(name, `ABI ${String(probe.landlockAbi)}. ${reason}`);
  if (probe.landlockAbi > 0) {
    return absent(name, `ABI ${String(probe.landlockAbi)}; needs ${String(least)}.`, `Use a kernel since ${since}.`);
  }
  return absent(
    name,
    `Landlock: ${describeAnswer(probe.landlockErrno)}.`,
    probe.landlockErrno === killed
      ? killedRemedy
      : `Use a kernel since ${since} and boot it with landlock in lsm=; in a container, allow the calls.`,
  );
}

function active(name: string, reason: string): Mechanism {
  return { name, state: 'active', reason, remedy: null };
}

function absent(name: string, reason: string, remedy: string): Mechanism {
  return { name, state: 'absent', reason, remedy };
}
