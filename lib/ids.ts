// SPDX-License-Identifier: MIT
// The names that options take and receipts give; types.ts says what each set means.

export const providerNames = ['lsm', 'landlock', 'seccomp'] as const;
export const unixSocketPolicies = ['pathname', 'connected', 'all'] as const;
export const residualIds = [
  'tcp-socket',
  'mptcp-socket',
  'udp-socket',
  'sctp-socket',
  'raw-socket',
  'packet-socket',
  'netlink-socket',
  'vsock-socket',
  'other-socket',
  'unix-datagram-socket',
  'io-uring',
  'network-device',
  'process-memory',
  'descriptor-table',
] as const;
