// SPDX-License-Identifier: MIT
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../kernel/cache';
import { bootAndRun } from './machine';
import type { Accelerator } from './qemu';

const device = '/dev/kvm';
/** Seconds; with KVM a boot takes less than two. */
const probeLimit = 10;

/** KVM may be there and not work, so only a boot that ends well proves it. The answer holds until the host reboots. */
export async function chooseAccelerator(
  kernel: string,
  folder: string,
  say: (text: string) => void,
): Promise<Accelerator> {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
  } catch {
    say(`there is no ${device} for this user: QEMU emulates the processor (TCG)`);
    return 'tcg';
  }
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const remembered = path.join(cacheFolder(), `kvm-fails-${bootId}`);
  if (existsSync(remembered) || !(await probe(kernel, folder))) {
    mkdirSync(cacheFolder(), { recursive: true });
    writeFileSync(remembered, '');
    say(`${device} is there, but a boot with it fails here: QEMU emulates the processor (TCG)`);
    return 'tcg';
  }
  say('KVM works here');
  return 'kvm';
}

function probe(kernel: string, folder: string): Promise<boolean> {
  const nothing = { programs: [], files: [], shares: [], lsm: null, kernelArguments: [], coverage: false };
  const limits = { bootLimit: probeLimit, timeLimit: probeLimit };
  return bootAndRun({ accelerator: 'kvm', kernel, folder, ...nothing, ...limits }).then(
    ({ report }) => report.done,
    () => false,
  );
}
