// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { quote, writeInit, type InitOptions } from '../../../../vm/guest/init-script';
import { findBusybox } from '../../../../vm/guest/initramfs';

const options: InitOptions = {
  token: 'f00',
  programs: [{ name: "it's", command: ['/x', 'a b', '$HOME'], limit: 1.5 }],
  shares: [],
  coverage: false,
  environment: [],
  interactive: false,
};
const share = { tag: 't', target: '/opt/x', writable: false };
const init = (changes: Partial<InitOptions> = {}) => writeInit({ ...options, ...changes });

it.each([
  ['tests', {}],
  ['tests with coverage and shares', { coverage: true, shares: [share, { tag: 'u', target: '/usr', writable: true }] }],
  ['a shell', { interactive: true }],
])('is a script that the guest can read, for %s', (_, changes) => {
  const { status, stderr } = spawnSync(findBusybox(), ['sh', '-n'], { input: init(changes), encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  // The check itself works.
  expect(spawnSync(findBusybox(), ['sh', '-n'], { input: `${init(changes)}\nif` }).status).not.toBe(0);
});

it('quotes whatever a word has', () => {
  const words = ['a b', "it's", '$HOME', '`x`', '', '-n', 'line\nend'];
  const { stdout } = spawnSync('sh', ['-c', `printf '%s|' ${words.map(quote).join(' ')}`], { encoding: 'utf8' });
  expect(stdout).toBe(words.map((word) => `${word}|`).join(''));
});

it('runs each program under its limit, in whole seconds', () => {
  expect(init()).toContain(`run 'it'\\''s' 2 '/x' 'a b' '$HOME'\n`);
});

it('gives each program the environment that was asked for', () => {
  const [line = ''] = /setsid env.*"\$@"/.exec(init({ environment: ['A=1', "B=it's $HOME", 'C='] })) ?? [];
  const { stdout } = spawnSync('sh', ['-c', `set -- sh -c 'printf "%s|" "$A" "$B" "$C"'; ${line}`], {
    encoding: 'utf8',
    env: { ...process.env, A: 'other', C: 'other' },
  });
  expect(stdout).toBe("1|it's $HOME||");
  expect(init()).toContain('setsid env "$@" <');
});

it('says that it is done only behind everything', () => {
  const script = init({ coverage: true });
  expect(script.indexOf('frame done')).toBeGreaterThan(script.indexOf('frame "file coverage.tar.gz"'));
  expect(script.trimEnd().endsWith('poweroff -f')).toBe(true);
  expect(init({ interactive: true })).not.toContain('frame done');
});

it('mounts a share read-only, or below a layer that is lost', () => {
  expect(init({ shares: [share] })).toContain(`need_mount 9p 't' '/opt/x' ro,trans=virtio`);
  const layered = init({ shares: [{ ...share, writable: true }] });
  expect(layered).toContain(`need_mount 9p 't' /run/shares/t/lower ro,trans=virtio`);
  expect(layered).toContain(`need_mount overlay 't' '/opt/x' lowerdir=/run/shares/t/lower`);
});

it("uses the host's programs when it shows /usr", () => {
  expect(init()).not.toContain('/busybox/ln -s usr/');
  expect(init({ shares: [{ ...share, target: '/usr' }] })).toContain('/busybox/ln -s usr/$name /$name');
});
