// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import { findNetworkDeviceFiles } from '../../../lib/inventory';
import { resolveOptions } from '../../../lib/options/resolve';
import { makePlan } from '../../../lib/drop/plan';
import type { Limit } from '../../../lib/types';
import { fakeBinding, type FakeKernel } from '../fake-binding';
import { errorOf, rawDescriptor } from './samples';

const file = (link: string, device: string | null, driver: string | null, mode: number | null = 0o20666) =>
  rawDescriptor({ fd: -1, link, device, driver, mode });
const nothing = [file('/dev/null', '1:3', 'mem'), file('/dev/pts/0', '136:0', 'pts'), file('/dev/kvm', '10:232', 'misc/kvm')]; // prettier-ignore
const byRequest = [
  file('/dev/net/tun', '10:200', 'misc/tun'),
  file('/dev/vhost-net', '10:238', 'misc/vhost-net'),
  file('/dev/vhost-vdpa-0', '511:0', 'vhost-vdpa'),
  file('/dev/ppp', '108:0', 'ppp'),
];
const byOpening = [
  file('/dev/tap4', '246:1', 'macvtap'),
  file('/dev/innocent', '246:1', 'ipvtap'),
  file('/dev/infiniband/uverbs0', '231:192', 'infiniband_verbs'),
  file('/dev/wwan0at0', '240:1', 'wwan_port'),
  file('/dev/vfio/devices/vfio0', '510:0', 'vfio-dev'),
  file('/dev/unknown', '240:9', null),
  file('/dev/secret', null, null, null),
];
const limitOf = (kernel: FakeKernel): Limit | undefined =>
  makePlan(fakeBinding(kernel).binding, resolveOptions({})).plan.limits.find(({ id }) => id === 'network-devices');

it('finds what is a network once it is opened, and without a filter what becomes one by a request', () => {
  const { binding } = fakeBinding({ deviceFiles: [...nothing, ...byRequest, ...byOpening] });
  const paths = (files: typeof nothing) => files.map(({ link }) => link);
  expect(findNetworkDeviceFiles(binding, true)).toEqual(paths(byOpening));
  expect(findNetworkDeviceFiles(binding, false)).toEqual(paths([...byRequest, ...byOpening]));
});

it('is a limit of every provider, with the paths', () => {
  const deviceFiles = [...nothing, ...byOpening.slice(0, 2)];
  for (const kernel of [{}, { landlockAbi: 0 }, { networkPrctl: 0 }]) {
    expect(limitOf({ ...kernel, deviceFiles })?.description).toMatch(/may open \/dev\/tap4, \/dev\/innocent\.$/);
  }
  expect(limitOf({ deviceFiles: [...nothing, ...byRequest] })).toBeUndefined();
  expect(limitOf({ networkPrctl: 0, deviceFiles: byRequest })).toBeDefined();
});

it('does not take an error for an empty folder', () => {
  const { binding } = fakeBinding({ deviceFiles: -constants.errno.EMFILE });
  expect(errorOf(() => findNetworkDeviceFiles(binding, true))).toMatchObject({
    code: 'ERR_DISABLENETWORK_KERNEL',
    errno: -constants.errno.EMFILE,
  });
});
