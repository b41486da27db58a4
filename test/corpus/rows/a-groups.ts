// SPDX-License-Identifier: MIT
// A16: options that make the kernel send a report to a group, or about a source, of the caller's choice.
import { row, type Row } from '../row';

interface Option {
  family: number;
  level: number;
  option: number;
  /** In hexadecimal digits. */
  value: string;
  /** An option that has to be set before, with its value: a source is blocked in a group that was joined. */
  first?: { option: number; value: string };
}

const group = 'e0000009';
const loopback = '7f000001';
const source = '7f000002';
const index = '01000000';
const group6 = 'ff020000000000000000000000000009';
const source6 = '00000000000000000000000000000001';
/** A `struct sockaddr_storage` of 128 bytes. */
const storage = (address: string): string =>
  (address.length === 8 ? '02000000' + address : '0a00000000000000' + address).padEnd(256, '0');
const request = (address: string): string => index + '00000000' + storage(address);
const sourceRequest = (address: string, from: string): string => request(address) + storage(from);
/** Group, interface, MCAST_INCLUDE with one source; that of MCAST_MSFILTER has an index and storages. */
const filter = group + loopback + '01000000' + '01000000' + source;
const groupFilter = (address: string, from: string): string =>
  index + '00000000' + storage(address) + '01000000' + '01000000' + storage(from);

const version4 = { family: 2, level: 0 } as const;
const version6 = { family: 10, level: 41 } as const;
const joined = { option: 35, value: group + loopback };
const joined6 = { option: 20, value: group6 + index };

const options: Record<string, [title: string, option: Option]> = {
  join: ['IP_ADD_MEMBERSHIP', { ...version4, option: 35, value: group + loopback }],
  'join-source': ['IP_ADD_SOURCE_MEMBERSHIP', { ...version4, option: 39, value: group + loopback + source }],
  'join-group': ['MCAST_JOIN_GROUP over IPv4', { ...version4, option: 42, value: request(group) }],
  'join-source-group': [
    'MCAST_JOIN_SOURCE_GROUP over IPv4',
    { ...version4, option: 46, value: sourceRequest(group, source) },
  ],
  block: ['IP_BLOCK_SOURCE', { ...version4, option: 38, value: group + loopback + source, first: joined }],
  'block-source': [
    'MCAST_BLOCK_SOURCE over IPv4',
    { ...version4, option: 43, value: sourceRequest(group, source), first: joined },
  ],
  filter: ['IP_MSFILTER', { ...version4, option: 41, value: filter, first: joined }],
  'group-filter': [
    'MCAST_MSFILTER over IPv4',
    { ...version4, option: 48, value: groupFilter(group, source), first: joined },
  ],
  join6: ['IPV6_JOIN_GROUP', { ...version6, option: 20, value: group6 + index }],
  'join6-group': ['MCAST_JOIN_GROUP over IPv6', { ...version6, option: 42, value: request(group6) }],
  'join6-source-group': [
    'MCAST_JOIN_SOURCE_GROUP over IPv6',
    { ...version6, option: 46, value: sourceRequest(group6, source6) },
  ],
  'block6-source': [
    'MCAST_BLOCK_SOURCE over IPv6',
    { ...version6, option: 43, value: sourceRequest(group6, source6), first: joined6 },
  ],
  'group6-filter': [
    'MCAST_MSFILTER over IPv6',
    { ...version6, option: 48, value: groupFilter(group6, source6), first: joined6 },
  ],
};

const joining = Object.entries(options).map(([name, [title, input]]) =>
  row<number, Option>({
    id: `A16.${name}`,
    title: `${title} on a UDP socket made before${input.first === undefined ? '' : ' that is in the group'}`,
    input,
    prepare: ({ attack, SOCK_DGRAM }, { input: { family, level, first } }) => {
      const fd = attack.call('socket', family, SOCK_DGRAM, 0);
      if (first !== undefined) attack.setsockopt(fd, level, first.option, Buffer.from(first.value, 'hex'));
      return fd;
    },
    act: ({ attack }, { input: { level, option, value } }, fd) =>
      attack.setsockopt(fd, level, option, Buffer.from(value, 'hex')),
  }),
);

export const groupRows: Row[] = [
  ...joining,
  row<number, null>({
    id: 'A16.join6-anycast',
    title: 'IPV6_JOIN_ANYCAST on a UDP socket made before',
    // A router takes any address; this one routes in a network of its own.
    launcher: ['unshare', '--net'],
    prepare: ({ attack, fs, AF_INET6, SOCK_DGRAM }) => {
      fs.writeFileSync('/proc/sys/net/ipv6/conf/all/forwarding', '1');
      return attack.call('socket', AF_INET6, SOCK_DGRAM, 0);
    },
    // 2001:db8::1 on the loopback interface.
    act: ({ attack }, _situation, fd) =>
      attack.setsockopt(fd, 41, 27, Buffer.from('20010db8000000000000000000000001' + '01000000', 'hex')),
  }),
];
