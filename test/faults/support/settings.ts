// SPDX-License-Identifier: MIT
// Every way of running a drop that this kernel and these runtimes give.
import { installRuntimes } from '../../package/support/runtimes';
import { byProvider } from '../../process/support/provider';
import type { Provider, Scene } from '../program/launch';
import type { Setting } from './fault';

/** A kernel with the patch gives `lsm`; in its guest there is one Node, and it is named `host`. */
export const providers = byProvider<readonly Provider[]>({ lsm: ['lsm'], landlock: ['landlock', 'seccomp'] });

const scenes: readonly Scene[] = ['plain', 'workers', 'first'];

/** The commands of the runtimes, by their names: `node20`. Installed on demand. */
export function runtimeCommands(): ReadonlyMap<string, string> {
  const nodes = installRuntimes().all.filter(({ name }) => name.startsWith('Node '));
  return new Map(nodes.map(({ name, command }) => [name.replace('Node ', 'node'), command[0]]));
}

export function commandOf(runtime: string): string {
  if (runtime === 'host') return process.execPath;
  const command = runtimeCommands().get(runtime);
  if (command === undefined) throw new Error(`there is no runtime ${runtime}`);
  return command;
}

export function allSettings(): Setting[] {
  const runtimes = providers.includes('lsm') ? ['host'] : [...runtimeCommands().keys()];
  return providers.flatMap((provider) =>
    runtimes.flatMap((runtime) => scenes.map((scene) => ({ provider, runtime, scene }))),
  );
}

/** Each provider, runtime and scene once, for the short form. */
export function fewSettings(): Setting[] {
  if (providers.includes('lsm')) return [{ provider: 'lsm', runtime: 'host', scene: 'workers' }];
  return [
    { provider: 'landlock', runtime: 'node20', scene: 'plain' },
    { provider: 'landlock', runtime: 'node22', scene: 'workers' },
    { provider: 'seccomp', runtime: 'node24', scene: 'plain' },
    { provider: 'landlock', runtime: 'node26', scene: 'first' },
  ];
}
