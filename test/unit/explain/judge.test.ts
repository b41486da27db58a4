// SPDX-License-Identifier: MIT
import { readFailure } from '../../../lib/explain/failure';
import { causedByDrop } from '../../../lib/explain/judge';
import type { DropPolicy } from '../../../lib/explain/policy';
import { lookupError, plainPolicy, systemError } from './errors';

const judge = (error: Error, policy: Partial<DropPolicy> = {}): boolean =>
  causedByDrop(readFailure(error), { ...plainPolicy, ...policy });

const inet = { address: '192.0.2.1', port: 443 };

describe('a socket that the drop has replaced', () => {
  it.each(['address', 'getsockname', 'getpeername', 'send', 'recvmsg'])('fails in %s, and only then', (syscall) => {
    const error = systemError('ENOTSOCK', syscall);
    expect(judge(error, { hasKilled: () => true })).toBe(true);
    // A number that was closed under its owner's nose and means a file by now.
    expect(judge(error)).toBe(false);
  });

  it('is not what somebody hands over that is no socket', () => {
    for (const syscall of ['listen', 'open', 'bind']) {
      expect(judge(systemError('ENOTSOCK', syscall), { hasKilled: () => true })).toBe(false);
    }
    expect(judge(systemError('ECONNRESET', 'read'), { hasKilled: () => true })).toBe(false);
  });
});

describe('the network', () => {
  it.each([
    systemError('EPERM', 'connect', inet),
    systemError('EACCES', 'connect', inet),
    systemError('EPERM', 'connect', { address: '2001:db8::1', port: 443 }),
    systemError('EPERM', 'connect', { address: 'fe80::1%lo', port: 443 }),
    systemError('EPERM', 'connect', { address: 'example.org', port: 443 }),
    systemError('EPERM', 'bind', { address: '0.0.0.0' }),
    systemError('EPERM', 'listen', { address: '::' }),
    systemError('EACCES', 'listen', { address: '::', port: 80 }),
    systemError('EPERM', 'addMembership'),
    systemError('EPERM', 'addSourceSpecificMembership'),
    Object.assign(new Error(), { code: 'ERR_SYSTEM_ERROR', errno: 1, syscall: 'uv_interface_addresses' }),
  ])('is ours: %s', (error) => {
    expect(judge(error)).toBe(true);
  });

  it.each([
    systemError('ECONNREFUSED', 'connect', inet),
    systemError('ETIMEDOUT', 'connect', inet),
    systemError('EADDRINUSE', 'listen', { address: '::', port: 80 }),
    systemError('ECONNRESET', 'read'),
    systemError('EPIPE', 'write'),
    systemError('EPERM', 'write'),
    systemError('EPERM', 'open', { path: '/etc/shadow' }),
    systemError('EPERM', 'kill'),
    systemError('EPERM', 'connect'),
    systemError('EPERM', 'listen'),
    Object.assign(new Error(), { code: 'ERR_SYSTEM_ERROR', errno: 24, syscall: 'uv_interface_addresses' }),
    new DOMException('The operation was aborted', 'AbortError'),
    new Error('EPERM'),
    Object.assign(new Error(), { code: 1, errno: '-1', syscall: null, port: '443' }),
    Object.assign(new Error(), { errno: -1, syscall: 'constructor' }),
  ])('is not ours: %s', (error) => {
    expect(judge(error, { listen: false })).toBe(false);
  });
});

describe('Unix sockets', () => {
  const path = { address: '/run/service.sock' };
  const abstract = { address: '\0name' };

  it('are ordinary where the drop leaves them alone', () => {
    for (const code of ['EPERM', 'EACCES', 'ENOENT', 'ECONNREFUSED'] as const) {
      for (const syscall of ['connect', 'bind', 'listen']) {
        expect(judge(systemError(code, syscall, path))).toBe(false);
        expect(judge(systemError(code, syscall, { ...path, port: -1 }))).toBe(false);
        expect(judge(systemError(code, syscall, abstract))).toBe(false);
      }
    }
  });

  it('are ours where the drop refuses connections, but for EACCES: that is a directory', () => {
    for (const syscall of ['connect', 'bind', 'listen']) {
      expect(judge(systemError('EPERM', syscall, path), { unixConnect: true })).toBe(true);
      expect(judge(systemError('EACCES', syscall, path), { unixConnect: true })).toBe(false);
      expect(judge(systemError('ENOENT', syscall, path), { unixConnect: true })).toBe(false);
    }
  });

  it('are ours by their abstract name where the drop refuses those', () => {
    expect(judge(systemError('EPERM', 'connect', abstract), { abstractNames: true })).toBe(true);
    expect(judge(systemError('EPERM', 'connect', path), { abstractNames: true })).toBe(false);
    expect(judge(systemError('ECONNREFUSED', 'connect', abstract), { abstractNames: true })).toBe(false);
  });

  it('are ours where the drop refuses to listen at all', () => {
    expect(judge(systemError('EPERM', 'listen', { ...path, port: -1 }), { listen: true })).toBe(true);
    expect(judge(systemError('EACCES', 'listen', { ...path, port: -1 }), { listen: true })).toBe(false);
    expect(judge(systemError('EPERM', 'connect', path), { listen: true })).toBe(false);
  });
});

it('blames a firewall for a send that the drop leaves alone', () => {
  const error = systemError('EPERM', 'send', inet);
  expect([judge(error), judge(error, { addressedSend: true })]).toEqual([false, true]);
  expect(judge(systemError('EPERM', 'send'), { addressedSend: true })).toBe(false);
});

describe('names', () => {
  it.each([
    lookupError('EAI_AGAIN', 'getaddrinfo', 'example.org', -3001),
    lookupError('EPERM', 'getaddrinfo', 'example.org', -1),
    lookupError('EAI_AGAIN', 'getnameinfo', '192.0.2.1', -3001),
    lookupError('ECONNREFUSED', 'queryA', 'example.org'),
    lookupError('ECONNREFUSED', 'getHostByAddr', '192.0.2.1'),
    lookupError('ENOTFOUND', 'getHostByAddr', '192.0.2.1'),
  ])('are ours: %s', (error) => {
    expect(judge(error)).toBe(true);
  });

  it.each([
    lookupError('ENOTFOUND', 'getaddrinfo', 'example.org', -3008),
    lookupError('ENOTFOUND', 'getnameinfo', '192.0.2.1', -3008),
    lookupError('ENOTFOUND', 'queryA', 'example.org'),
    lookupError('ENODATA', 'queryAaaa', 'example.org'),
    lookupError('ETIMEOUT', 'queryA', 'example.org'),
    lookupError('EREFUSED', 'queryA', 'example.org'),
    lookupError('ECANCELLED', 'queryA', 'example.org'),
  ])('are not ours: %s', (error) => {
    expect(judge(error)).toBe(false);
  });

  it('are not ours when a name service that stays was asked', () => {
    const nameServiceStays = () => true;
    expect(judge(lookupError('EAI_AGAIN', 'getaddrinfo', 'example.org'), { nameServiceStays })).toBe(false);
    expect(judge(lookupError('ECONNREFUSED', 'queryA', 'example.org'), { nameServiceStays })).toBe(true);
  });
});
