// SPDX-License-Identifier: MIT
import { qemuCommand, type MachineOptions } from '../../../../vm/guest/qemu';

const options: MachineOptions = {
  accelerator: 'tcg',
  kernel: '/k/vmlinux',
  initramfs: '/r/initramfs',
  consoleFile: '/r/console.log',
  shares: [],
  lsm: null,
  kernelArguments: [],
  memory: 1024,
  processors: 2,
  counting: false,
};
const command = (changes: Partial<MachineOptions> = {}): string => qemuCommand({ ...options, ...changes }).join(' ');
const kernelLine = (changes: Partial<MachineOptions> = {}): readonly string[] => {
  const words = qemuCommand({ ...options, ...changes });
  return (words[words.indexOf('-append') + 1] ?? '').split(' ');
};

it('starts a machine that has nothing but what it needs, and no network card', () => {
  expect(command()).toMatch(/^qemu-system-x86_64 -nodefaults -no-user-config -display none -nic none /);
  expect(command()).toContain('-kernel /k/vmlinux -initrd /r/initramfs -append ');
});

it('ends with a panic, and panics with a warning', () => {
  expect(command()).toContain('-no-reboot');
  expect(kernelLine()).toEqual(expect.arrayContaining(['panic=-1', 'panic_on_warn=1', 'oops=panic']));
});

it("lets the caller's kernel arguments have the last word", () => {
  expect(kernelLine({ kernelArguments: ['panic_on_warn=0'] }).at(-1)).toBe('panic_on_warn=0');
});

it('emulates a processor, or lends that of the host', () => {
  expect(command()).toContain('-accel tcg -cpu max -m 1024 -smp 2');
  expect(command({ accelerator: 'kvm' })).toContain('-accel kvm -cpu host');
});

it('keeps the console apart from the success channel', () => {
  expect(command()).toContain('file,id=console,path=/r/console.log -serial chardev:console');
  expect(command()).toContain('-chardev stdio,id=results,signal=off -serial chardev:results');
  expect(kernelLine()).toEqual(expect.arrayContaining(['console=ttyS0', 'loglevel=8']));
});

it('gives the terminal to an interactive console, which the log must not fill', () => {
  expect(command({ consoleFile: null })).toContain('stdio,id=console,mux=on,signal=off');
  expect(command({ consoleFile: null })).not.toContain('stdio,id=results');
  expect(kernelLine({ consoleFile: null })).toContain('quiet');
});

it('shares a folder read-only, whatever its name', () => {
  const share = { tag: 'share0', source: '/a,b', target: '/a,b', writable: true };
  expect(command({ shares: [share] })).toContain(
    'local,id=share0,path=/a,,b,security_model=none,readonly=on,multidevs=remap ' +
      '-device virtio-9p-pci,fsdev=share0,mount_tag=share0',
  );
  expect(command({ consoleFile: '/x,y/log' })).toContain('path=/x,,y/log');
});

it('sets the order of security modules only when one is asked for', () => {
  expect(kernelLine({ lsm: 'yama,bpf' })).toContain('lsm=yama,bpf');
  expect(kernelLine().some((word) => word.startsWith('lsm='))).toBe(false);
  expect(kernelLine()).not.toContain('');
});

it('counts instructions on a processor without variable ones', () => {
  expect(command({ counting: true, processors: 1 })).toContain('-icount shift=0,sleep=off');
  expect(command({ counting: true })).toContain('-cpu max,erms=off,fsrm=off');
});
