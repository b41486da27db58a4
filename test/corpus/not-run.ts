// SPDX-License-Identifier: MIT
// Rows that have not run in an environment as they are now, each with the reason. The page says "not run"
// in their cells. A row that has run since must leave this list: a test compares.

export interface NotRun {
  readonly reason: string;
  readonly environments: readonly string[];
  readonly ids: readonly string[];
}

const reason =
  'These rows are new, or what is expected of them is, and no guest has been built since. The kernel patch does not refuse these options yet.';

export const notRun: readonly NotRun[] = [
  {
    reason,
    environments: ['landlock-6', 'seccomp-6.1'],
    ids: [
      'A01.tcp-repair',
      'A09.2292-routing-header',
      'A09.flow-label-udp',
      'A09.free-bind',
      'A09.multicast-interface-udp',
      'A09.multicast-interface-udp6',
      'A09.packet-information-udp6',
      'A09.transparent',
      'A09.type-of-service',
      'A09.unicast-interface-udp',
      'A09.unicast-interface-udp6',
      'A11.raw-header-option-before',
      'A16.block',
      'A16.block-source',
      'A16.block6-source',
    ],
  },
  {
    reason,
    environments: ['landlock-6', 'lsm-6.1', 'lsm-6.12', 'seccomp-6.1'],
    ids: [
      'A09.auto-flow-label',
      'A09.dont-route',
      'A09.dont-route-udp6',
      'A09.mark',
      'A09.priority',
      'A09.send-past-routes-tcp',
      'A09.send-past-routes-udp',
      'A09.traffic-class',
      'A17.macvtap-after-root',
      'A17.macvtap-after-user',
      'C02.memory-in-own-table',
      'C02.memory-mounted-elsewhere',
      'D05.bpf-inherited-program-by-counter',
    ],
  },
];
