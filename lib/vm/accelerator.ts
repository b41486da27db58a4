// SPDX-License-Identifier: MIT
import { accessSync, constants } from 'node:fs';
import { bootAndRun } from './machine';
import type { Accelerator } from './qemu';

const device = '/dev/kvm';
const probeLimit = 20;

/** KVM may be there and not work, so only a boot that ends well proves it. */
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
  const nothing = { programs: [], files: [], shares: [], lsm: null, kernelArguments: [], coverage: false };
  const limits = { bootLimit: probeLimit, timeLimit: probeLimit };
  const works = await bootAndRun({ accelerator: 'kvm', kernel, folder, ...nothing, ...limits }).then(
    ({ report }) => report.done,
    () => false,
  );
  say(works ? 'KVM works here' : `a boot with ${device} fails here: QEMU emulates the processor (TCG)`);
  return works ? 'kvm' : 'tcg';
}
