// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';

/**
 * What stands in for the kernel: gVisor calls itself Linux 4.4.0, and has a file in /proc that no Linux
 * has (gvisor.dev/docs/user_guide/faq). Null where it is Linux itself.
 */
export function nameSandbox(exists: (path: string) => boolean = existsSync): string | null {
  return exists('/proc/sentry-meminfo') ? 'gVisor' : null;
}
