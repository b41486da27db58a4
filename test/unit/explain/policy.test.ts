// SPDX-License-Identifier: MIT
import { nameServiceBehindUnixSocket } from '../../../lib/explain/name-service';
import { policyOf, type ExplainedPlan } from '../../../lib/explain/policy';

const plan: ExplainedPlan = { provider: 'landlock', landlockAbi: 7, unixSockets: 'pathname', sideEffects: [] };
const effect = (id: ExplainedPlan['sideEffects'][number]['id']) => ({ sideEffects: [{ id, description: '' }] });

describe('policyOf', () => {
  it('expects nothing of a plan without side effects', () => {
    expect(policyOf(plan)).toMatchObject({
      abstractNames: false,
      unixConnect: false,
      listen: false,
      addressedSend: false,
    });
  });

  it('follows the plan', () => {
    expect(policyOf({ ...plan, ...effect('abstract-names-eperm') }).abstractNames).toBe(true);
    expect(policyOf({ ...plan, ...effect('unix-listen') }).listen).toBe(true);
    expect(policyOf({ ...plan, unixSockets: 'connected' })).toMatchObject({ abstractNames: true, unixConnect: true });
    expect(policyOf({ ...plan, unixSockets: 'connected' }).nameServiceStays()).toBe(false);
  });

  it('expects refused sends of the providers that refuse them', () => {
    expect(policyOf({ ...plan, landlockAbi: 10 }).addressedSend).toBe(true);
    expect(policyOf({ ...plan, provider: 'lsm' }).addressedSend).toBe(true);
    expect(policyOf({ ...plan, provider: 'seccomp', landlockAbi: 10 }).addressedSend).toBe(false);
  });
});

describe('nameServiceBehindUnixSocket', () => {
  const resolved = '/run/systemd/resolve/io.systemd.Resolve';
  const ask = (paths: string[], hosts: string): boolean =>
    nameServiceBehindUnixSocket({ exists: (path) => paths.includes(path), read: () => `passwd: files\n${hosts}\n` });

  it.each([
    [false, [], 'hosts: files resolve dns'],
    [true, ['/var/run/nscd/socket'], 'hosts: files dns'],
    [true, [resolved], 'hosts: mymachines resolve [!UNAVAIL=return] files dns'],
    [false, [resolved], 'hosts: files mdns4_minimal [NOTFOUND=return] dns'],
    [false, [resolved], '# hosts: resolve\nhosts: files dns'],
  ])('answers %s with %j and %s', (expected, paths, hosts) => {
    expect(ask(paths, hosts)).toBe(expected);
  });

  it('answers false when there is no configuration', () => {
    const read = () => {
      throw new Error('ENOENT');
    };
    expect(nameServiceBehindUnixSocket({ exists: (path) => path === resolved, read })).toBe(false);
  });
});
