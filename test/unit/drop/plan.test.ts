// SPDX-License-Identifier: MIT
import { errno } from '../../../lib/native/constants';
import { DisableNetworkError } from '../../../lib/errors';
import { resolveOptions } from '../../../lib/options/resolve';
import { makePlan, type FullPlan } from '../../../lib/drop/plan';
import type { DisableNetworkOptions } from '../../../lib/types';
import { fakeBinding, type FakeKernel, socket, tcpSocket, thread, udpSocket } from '../fake-binding';

const E2BIG = 7;

function plan(kernel: FakeKernel, options: DisableNetworkOptions = {}): FullPlan {
  const { binding, changes } = fakeBinding(kernel);
  const made = makePlan(binding, resolveOptions(options));
  expect(changes).toEqual([]);
  return made;
}

function failure(kernel: FakeKernel, options: DisableNetworkOptions = {}): DisableNetworkError {
  try {
    plan(kernel, options);
  } catch (error) {
    if (error instanceof DisableNetworkError) return error;
    throw error;
  }
  throw new Error('The plan was made all the same');
}

const residualIds = ({ plan: { residuals } }: FullPlan): string[] => residuals.map(({ id }) => id);

describe('the choice of the provider', () => {
  it('takes the best that is present', () => {
    expect(plan({ networkPrctl: 0 }).plan.provider).toBe('lsm');
    expect(plan({}).plan.provider).toBe('landlock');
    expect(plan({ landlockAbi: 3 }).plan.provider).toBe('seccomp');
    expect(plan({ landlockAbi: -errno.EINVAL }).plan.provider).toBe('seccomp');
  });

  it('takes no less than the caller accepts, and says why', () => {
    expect(plan({ networkPrctl: 0 }, { provider: 'seccomp' }).plan.provider).toBe('lsm');
    const error = failure({ landlockAbi: 3 }, { provider: 'landlock' });
    expect(error.code).toBe('ERR_DISABLENETWORK_UNSUPPORTED');
    expect(error.message).toMatch(/PR_SET_NETWORK.*ABI is 3; network rules need 4.*Nothing was changed/);
    expect(failure({}, { provider: 'lsm' }).code).toBe('ERR_DISABLENETWORK_UNSUPPORTED');
  });

  it('fails where there is nothing, and never passes silently', () => {
    const error = failure({ landlockAbi: -errno.EINVAL, seccomp: -errno.EINVAL });
    expect(error.code).toBe('ERR_DISABLENETWORK_UNSUPPORTED');
    expect(error.message).toContain('seccomp filters cannot be installed on all threads (EINVAL)');
  });

  it('takes no weaker provider where the trial lacks a process, a descriptor or memory', () => {
    for (const [number, text] of [
      [11, 'pids.max'],
      [24, 'RLIMIT_NOFILE'],
      [12, 'memory.max'],
    ] as const) {
      const error = failure({ trial: (withLandlock) => (withLandlock ? -number : 0) });
      expect(error).toMatchObject({ code: 'ERR_DISABLENETWORK_KERNEL', errno: -number });
      expect(error.message).toContain(text);
    }
  });

  it('finds out before anything changes that no descriptor is free', () => {
    const error = failure({ descriptorsLeft: 15 });
    expect(error).toMatchObject({ code: 'ERR_DISABLENETWORK_KERNEL', errno: -24 });
    expect(error.message).toContain('RLIMIT_NOFILE');
  });

  it('believes the trial: at the limit of Landlock domains it falls back, or refuses', () => {
    const full: FakeKernel = { trial: (withLandlock) => (withLandlock ? -E2BIG : 0) };
    expect(plan(full).plan.provider).toBe('seccomp');
    expect(failure(full, { provider: 'landlock' }).message).toContain('E2BIG');
    expect(failure(full, { provider: 'landlock' }).message).toContain('16 Landlock domains');
    expect(failure({ trial: () => -errno.EPERM }).message).not.toContain('Landlock domains');
    expect(failure({ trial: () => -errno.EPERM }).message).toContain('a trial in a child process failed (EPERM)');
  });

  it('sees a thread whose filters would make the synchronisation fail', () => {
    const threads = [thread(1), thread(9, { Name: 'odd', Seccomp: '2', Seccomp_filters: '1' })];
    expect(failure({ threads }).message).toContain('thread 9 (odd) has seccomp filters');
    const inherited = [
      thread(1, { Seccomp: '2', Seccomp_filters: '2' }),
      thread(9, { Seccomp: '2', Seccomp_filters: '1' }),
    ];
    expect(plan({ threads: inherited }).plan.provider).toBe('landlock');
  });

  it('leaves the kernel patch out for abstract names, which it refuses always', () => {
    expect(plan({ networkPrctl: 0 }, { unixSockets: 'all' }).plan.provider).toBe('landlock');
    expect(failure({ networkPrctl: 0 }, { unixSockets: 'all', provider: 'lsm' }).message).toContain('abstract names');
  });
});

describe('Landlock by ABI', () => {
  it.each([
    [4, { handledNetwork: 3, scoped: 0 }],
    [5, { handledNetwork: 3, scoped: 0 }],
    [6, { handledNetwork: 3, scoped: 1 }],
    [7, { handledNetwork: 3, scoped: 1 }],
    [8, { handledNetwork: 3, scoped: 1 }],
    [9, { handledNetwork: 3, scoped: 1 }],
    [10, { handledNetwork: 15, scoped: 1 }],
    [99, { handledNetwork: 15, scoped: 1 }],
  ])('ABI %i', (landlockAbi, rules) => {
    expect(plan({ landlockAbi }).enforcement.landlock).toEqual(rules);
  });

  it("scopes no names for unixSockets 'all'", () => {
    expect(plan({}, { unixSockets: 'all' }).enforcement.landlock?.scoped).toBe(0);
    expect(plan({}, { unixSockets: 'all' }).plan.limits.map(({ id }) => id)).toContain('abstract-unix-names');
  });
});

describe('residuals', () => {
  const seccompOnly = { landlockAbi: 0 };

  it('has none when nothing is open, on any kernel', () => {
    for (const kernel of [{ networkPrctl: 0 }, {}, seccompOnly]) expect(residualIds(plan(kernel))).toEqual([]);
  });

  it('says on any kernel that tracing is not what it was', () => {
    for (const kernel of [{ networkPrctl: 0 }, {}, seccompOnly]) {
      expect(plan(kernel).plan.sideEffects.map(({ id }) => id)).toContain('tracing');
    }
  });

  it('lets TCP stay under Landlock, at the price of listen', () => {
    const made = plan({ descriptors: [tcpSocket(21)] });
    expect(residualIds(made)).toEqual([]);
    expect(made.plan.kept.map(({ fd }) => fd)).toEqual([21]);
    expect(made.confinement.listenDenied).toBe(true);
    expect(made.plan.sideEffects.map(({ id }) => id)).toContain('unix-listen');
    expect(plan({}).confinement.listenDenied).toBe(false);
  });

  it('names TCP under seccomp alone, unless nothing may connect', () => {
    const descriptors = [tcpSocket(21)];
    const made = plan({ ...seccompOnly, descriptors });
    expect(residualIds(made)).toEqual(['tcp-socket']);
    expect(made.plan.residuals[0]?.remedy).toContain("unixSockets: 'connected'");
    expect(residualIds(plan({ ...seccompOnly, descriptors }, { unixSockets: 'connected' }))).toEqual([]);
    expect(residualIds(plan({ networkPrctl: 0, descriptors }))).toEqual([]);
  });

  it('names UDP on every stock kernel: ABI 10 leaves source routing', () => {
    const descriptors = [udpSocket(22)];
    expect(residualIds(plan({ descriptors }))).toEqual(['udp-socket']);
    expect(residualIds(plan({ descriptors }, { unixSockets: 'connected' }))).toEqual(['udp-socket']);
    const newest = plan({ descriptors, landlockAbi: 10 });
    expect(residualIds(newest)).toEqual(['udp-socket']);
    expect(newest.plan.residuals[0]?.ways).toEqual(['sendmsg() with a source-routing control message']);
    expect(residualIds(plan({ descriptors, networkPrctl: 0 }))).toEqual([]);
  });

  it('names what Landlock does not look at', () => {
    const descriptors = [
      socket(30, 2, 1, 262), // MPTCP
      socket(31, 2, 1, 132), // SCTP
      socket(32, 2, 3, 1), // raw ICMP
      socket(33, 17, 3, 0), // packet
      socket(34, 16, 3, 0), // netlink
      socket(35, 40, 1, 0), // vsock
      socket(36, 38, 5, 0), // alg
    ];
    expect(residualIds(plan({ descriptors }))).toEqual([
      'mptcp-socket', 'sctp-socket', 'raw-socket', 'packet-socket', 'netlink-socket', 'vsock-socket', 'other-socket',
    ]); // prettier-ignore
    expect(residualIds(plan({ descriptors, networkPrctl: 0 }))).toEqual([]);
  });

  it('names what no hook of the kernel patch sees: poll() of an AF_XDP socket', () => {
    const made = plan({ descriptors: [socket(37, 44, 3, 0)], networkPrctl: 0 });
    expect(residualIds(made)).toEqual(['other-socket']);
    expect(made.plan.residuals[0]?.ways).toEqual(['poll() sends any frame that waits in its ring']);
  });

  it('names a Unix datagram socket where no new peer is allowed', () => {
    const descriptors = [socket(40, 1, 2, 0, { remote: '/run/log' }), socket(41, 1, 1, 0)];
    expect(residualIds(plan({ descriptors }))).toEqual([]);
    expect(residualIds(plan({ descriptors }, { unixSockets: 'connected' }))).toEqual(['unix-datagram-socket']);
  });

  it('accepts by name and by nothing else', () => {
    const descriptors = [udpSocket(22), socket(34, 16, 3, 0)];
    const made = plan({ descriptors }, { residuals: ['udp-socket'] });
    expect(residualIds(made)).toEqual(['netlink-socket']);
    expect(made.plan.accepted.map(({ id }) => id)).toEqual(['udp-socket']);
  });

  it('closes what can be closed, and listeners when asked', () => {
    const listener = tcpSocket(23, { listening: true, remote: null });
    const made = plan({ descriptors: [udpSocket(22), listener] }, { residuals: 'close', listeners: 'close' });
    expect(made.plan.toClose.map(({ fd }) => fd).sort()).toEqual([22, 23]);
    expect(made.plan.kept).toEqual([]);
    expect(made.confinement.listenDenied).toBe(false);
    expect(plan({ descriptors: [listener] }).plan.limits.map(({ id }) => id)).toContain('accepted-connections');
  });

  it('names what only a filter closes, where there is none', () => {
    const onlyByFilter = ['typing-into-terminals', 'helpers-of-the-kernel'];
    const limits = (kernel: FakeKernel, options = {}) =>
      plan(kernel, options)
        .plan.limits.map(({ id }) => id)
        .filter((id) => onlyByFilter.includes(id));
    expect(limits({ networkPrctl: 0 })).toEqual(onlyByFilter);
    expect(limits({ networkPrctl: 0 }, { unixSockets: 'connected' })).toEqual([]);
    expect(limits({})).toEqual([]);
  });
});

describe('a drop that is in force', () => {
  const inForce: FakeKernel = { networkPrctl: -(0xe00 + 8 + 16), inetSocket: -errno.EPERM };

  it('is recognised, with its policy', () => {
    const made = plan(inForce);
    expect(made.plan).toMatchObject({ alreadyDisabled: true, provider: 'landlock', unixSockets: 'pathname' });
    const connected = plan({ ...inForce, networkPrctl: -(0xe00 + 8 + 2 + 4) }, { unixSockets: 'connected' });
    expect(connected.plan).toMatchObject({ provider: 'seccomp', unixSockets: 'connected' });
    expect(plan({ networkPrctl: 1, inetSocket: -errno.EPERM }).plan).toMatchObject({
      provider: 'lsm',
      alreadyDisabled: true,
    });
  });

  it('is not believed while a socket can be made', () => {
    expect(plan({ ...inForce, inetSocket: 0 }).plan.alreadyDisabled).toBe(false);
  });

  it('conflicts with a call that asks for more', () => {
    expect(failure(inForce, { unixSockets: 'connected' }).code).toBe('ERR_DISABLENETWORK_CONFLICT');
    expect(failure(inForce, { provider: 'lsm' }).code).toBe('ERR_DISABLENETWORK_CONFLICT');
    expect(plan(inForce, { unixSockets: 'all', provider: 'seccomp' }).plan.alreadyDisabled).toBe(true);
  });

  it('names TCP that came later, when its filter leaves listen open', () => {
    const made = plan({ ...inForce, descriptors: [tcpSocket(21)] });
    expect(residualIds(made)).toEqual(['tcp-socket']);
    expect(made.plan.residuals[0]?.ways.join()).toContain('listen()');
  });
});

it('names capabilities as a limit', () => {
  const ids = (CapPrm: string) => plan({ threads: [thread(1, { CapPrm })] }).plan.limits.map(({ id }) => id);
  expect(ids('000001ffffffffff')).toContain('privileged-process');
  expect(ids('0000000000000000')).not.toContain('privileged-process');
});
