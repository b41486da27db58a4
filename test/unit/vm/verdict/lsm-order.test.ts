// SPDX-License-Identifier: MIT
import { checkOrder } from '../../../../vm/verdict/lsm-order';

const actual = 'lockdown,capability,landlock,yama,disablenetwork,bpf,ima,evm';

it.each([
  ['nothing', null, null],
  ['the module', null, 'disablenetwork'],
  ['the order', ['landlock', 'yama', 'disablenetwork', 'bpf'], 'disablenetwork'],
  ['an order that the kernel changes by rule', ['landlock', 'yama', 'disablenetwork', 'ima', 'bpf', 'lockdown'], null],
])('is content when %s was asked for and is there', (_, wanted, required) => {
  expect(checkOrder(actual, wanted, required)).toBeNull();
});

it.each([
  ['a module that is missing', actual, null, 'smack', 'smack is not among the security modules in force'],
  ['a wanted one that is missing', actual, ['yama', 'smack'], null, 'smack is not among the security modules'],
  ['another order', actual, ['yama', 'landlock', 'disablenetwork', 'bpf'], null, `the order is ${actual}, not yama,`],
  ['one too many', actual, ['landlock', 'yama', 'disablenetwork'], null, 'the order is'],
  ['no file', null, null, 'disablenetwork', '/sys/kernel/security/lsm cannot be read: is CONFIG_SECURITYFS set?'],
])('names %s', (_, order, wanted, required, message) => {
  expect(checkOrder(order, wanted, required)).toContain(message);
});

it('needs no file when nothing is asked for', () => {
  expect(checkOrder(null, null, null)).toBeNull();
});
