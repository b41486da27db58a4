// SPDX-License-Identifier: MIT
// QEMU's command line. Each device stands with the kernel argument that it needs.
import type { GuestShare } from './init-script';

export type Accelerator = 'kvm' | 'tcg';

export interface HostShare extends GuestShare {
  /** The folder of the host. */
  readonly source: string;
}

export interface MachineOptions {
  readonly accelerator: Accelerator;
  readonly kernel: string;
  readonly initramfs: string;
  /** Where the console goes; null: to this terminal. */
  readonly consoleFile: string | null;
  readonly shares: readonly HostShare[];
  /** The value of `lsm=`; null leaves the kernel's own. */
  readonly lsm: string | null;
  /** A sanitizer's report is printed only when it is important. */
  readonly kernelArguments: readonly string[];
  readonly memory: number;
  readonly processors: number;
  /** Count instructions: the guest's time stamp counter goes up by one with each. */
  readonly counting: boolean;
}

interface Device {
  readonly arguments: readonly string[];
  readonly kernel?: readonly string[];
}

export function qemuCommand(options: MachineOptions): readonly string[] {
  const devices: readonly Device[] = [
    machine(options),
    ...(options.counting ? [instructionCounter] : []),
    consolePort(options.consoleFile),
    resultPort(options.consoleFile),
    { arguments: ['-device', 'virtio-rng-pci'] },
    ...options.shares.map(shareDevice),
    { arguments: [], kernel: options.lsm === null ? [] : [`lsm=${options.lsm}`] },
    { arguments: [], kernel: options.kernelArguments },
  ];
  return [
    'qemu-system-x86_64',
    ...devices.flatMap((device) => device.arguments),
    '-kernel',
    options.kernel,
    '-initrd',
    options.initramfs,
    '-append',
    devices.flatMap((device) => device.kernel ?? []).join(' '),
  ];
}

function machine({ accelerator, memory, processors, counting }: MachineOptions): Device {
  const processor = counting ? countingProcessor : accelerator === 'kvm' ? 'host' : 'max';
  return {
    arguments: [
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-nic', 'none'],
      ...['-machine', 'q35', '-accel', accelerator, '-cpu', processor],
      ...['-m', String(memory), '-smp', String(processors)],
      // A panic reboots at once, and a reboot ends QEMU.
      '-no-reboot',
    ],
    kernel: [
      ...['panic=-1', 'panic_on_warn=1', 'oops=panic', 'loadpin.enforce=0', 'random.trust_cpu=on'],
      // An emulated timer misses the kernel's check where other processes take the host's processors.
      'no_timer_check',
    ],
  };
}

// Time stands still but for instructions. The kernel must not
// find out how fast its counter is, for its ways of doing so wait for something that comes late here.
const instructionCounter: Device = {
  arguments: ['-icount', 'shift=0,sleep=off'],
  kernel: ['tsc_early_khz=1000000', 'lpj=10000000', 'no_timer_check', 'norandmaps'],
};

/** Without the one instruction that clears or copies a page byte by byte, each byte of which would count. */
const countingProcessor = 'max,erms=off,fsrm=off';

function consolePort(file: string | null): Device {
  return {
    arguments:
      file === null
        ? ['-chardev', 'stdio,id=console,mux=on,signal=off', '-serial', 'chardev:console', '-mon', 'chardev=console']
        : ['-chardev', `file,id=console,path=${escapeComma(file)}`, '-serial', 'chardev:console'],
    kernel: ['console=ttyS0', file === null ? 'quiet' : 'loglevel=8', 'earlyprintk=serial,ttyS0'].filter(
      (argument) => file !== null || !argument.startsWith('earlyprintk'),
    ),
  };
}

/** The success channel: standard output, so that it ends when QEMU ends. */
function resultPort(consoleFile: string | null): Device {
  const backend = consoleFile === null ? 'null,id=results' : 'stdio,id=results,signal=off';
  return { arguments: ['-chardev', backend, '-serial', 'chardev:results'] };
}

function shareDevice({ tag, source }: HostShare): Device {
  const options = `local,id=${tag},path=${escapeComma(source)},security_model=none,readonly=on,multidevs=remap`;
  return { arguments: ['-fsdev', options, '-device', `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`] };
}

const escapeComma = (text: string): string => text.replace(/,/g, ',,');
