// SPDX-License-Identifier: MIT
import type { NativeBinding } from '../native/binding';
import { procAdvice, systemError } from '../system-error';
import { classify } from './classify';
import { needsRequest } from './devices';

/**
 * Devices of the network that this process may open: no filter sees which file is opened, and Landlock
 * can only allow what is below a folder, not forbid a file. A macvtap that is opened after the drop
 * sends any frame that is written to it.
 *
 * @param filtered - A filter refuses the requests that make TUN, vhost and PPP a network.
 */
export function findNetworkDeviceFiles(binding: NativeBinding, filtered: boolean): string[] {
  const files = binding.listDeviceFiles();
  if (typeof files === 'number') throw systemError('ERR_DISABLENETWORK_KERNEL', 'open /dev', files, procAdvice);
  return files
    .filter((file) => classify(file) === 'network-device' && !(filtered && needsRequest(file.device, file.driver)))
    .map(({ link }) => link);
}
