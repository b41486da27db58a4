// SPDX-License-Identifier: MIT
// Each way to fail, in one child: what it answers before the drop, and the explanation after it.
import { runInChild } from '../../support/child';
import type { Toolbox } from '../../support/toolbox';
import { startServers, type Ports, type Servers } from './servers';

jest.setTimeout(120_000);

/** What a call answered, or the error that explains itself or does not. */
interface Outcome {
  answer?: unknown;
  message?: string;
  code?: unknown;
  errno?: unknown;
  syscall?: unknown;
  systemCode?: unknown;
  permission?: unknown;
  resource?: unknown;
  header?: string | undefined;
  ours?: boolean;
}

type Outcomes = Record<string, Outcome>;

/** Runs inside the child. */
async function callEverything(toolbox: Toolbox, ports: Ports): Promise<{ before: Outcomes; after: Outcomes }> {
  const { library, dgram, dns, events, http, http2, https, net, os, tls } = toolbox;
  const { promisify } = process.getBuiltinModule('node:util');
  const host = '127.0.0.1';
  const name = 'disablenetwork.invalid';
  const server = `${host}:${String(ports.dns)}`;
  const resolver = new dns.Resolver();
  const asyncResolver = new dns.promises.Resolver();
  dns.setServers([server]);
  dns.promises.setServers([server]);
  resolver.setServers([server]);
  asyncResolver.setServers([server]);
  type Emitter = InstanceType<typeof events.EventEmitter>;
  /** Waits for the event, or throws what 'error' says, and ends the socket. */
  const until = async (event: string, emitter: Emitter & { destroy?(): unknown; close?(): unknown }) => {
    try {
      await events.once(emitter, event);
      return event;
    } finally {
      if (emitter.destroy !== undefined) emitter.destroy();
      else emitter.close?.();
    }
  };
  const call = async <Value>(start: (callback: (error: Error | null, value: Value) => void) => unknown) =>
    new Promise<Value>((resolve, reject) => {
      start((error, value) => {
        if (error === null) resolve(value);
        else reject(error);
      });
    });
  const bothFamilies: import('node:net').LookupFunction = (_hostname, _options, callback) => {
    callback(null, [
      { address: host, family: 4 },
      { address: '::1', family: 6 },
    ]);
  };
  const calls: Record<string, () => unknown> = {
    'net.connect': () => until('connect', net.connect(ports.tcp, host)),
    'net.connect by name': () => until('connect', net.connect(ports.tcp, 'localhost')),
    'net.connect to several addresses': () =>
      until('connect', net.connect({ port: ports.tcp, host: 'both', lookup: bothFamilies, autoSelectFamily: true })),
    'net.connect from an address': () =>
      until('connect', net.connect({ port: ports.tcp, host, localAddress: host, localPort: 0 })),
    'Socket.connect': () => until('connect', new net.Socket().connect(ports.tcp, host)),
    'Server.listen': () => until('listening', net.createServer().listen(0)),
    'Server.listen on an address': () => until('listening', net.createServer().listen(0, host)),
    'Server.listen on a name': () => until('listening', net.createServer().listen(0, 'localhost')),
    'tls.connect': () => until('secureConnect', tls.connect({ port: ports.https, host, rejectUnauthorized: false })),
    'http.get': () => until('response', http.get({ port: ports.http, host, agent: false })),
    'https.get': () =>
      until('response', https.get({ port: ports.https, host, agent: false, rejectUnauthorized: false })),
    'http2.connect': () => until('connect', http2.connect(`http://${host}:${String(ports.http2)}`)),
    fetch: async () => (await fetch(`http://${host}:${String(ports.http)}`)).text(),
    'dns.lookup': () => call((callback) => dns.lookup(name, callback)),
    'dns.lookup with options': () => call((callback) => dns.lookup(name, { all: true }, callback)),
    'dns.lookup for IPv4': () => call((callback) => dns.lookup(name, 4, callback)),
    'dns.promises.lookup for IPv4': () => dns.promises.lookup(name, { family: 4 }),
    'net.connect to a name for IPv4': () => until('connect', net.connect({ port: ports.tcp, host: name, family: 4 })),
    'dns.lookup, promisified': () => promisify(dns.lookup)(name),
    'dns.promises.lookup': () => dns.promises.lookup(name),
    'dns.lookupService': () =>
      call((callback) => dns.lookupService('192.0.2.1', 80, (error, hostname) => callback(error, hostname))),
    'dns.promises.lookupService': async () => (await dns.promises.lookupService('192.0.2.1', 80)).hostname,
    'net.connect to a name': () => until('connect', net.connect(ports.tcp, name)),
    'http.get of a name': () => until('response', http.get({ host: name, agent: false })),
    'fetch of a name': () => fetch(`http://${name}/`),
    'dns.resolve4': () => call((callback) => dns.resolve4(name, callback)),
    'dns.resolve': () => call((callback) => dns.resolve(name, 'A', callback as () => void)),
    'dns.reverse': () => call((callback) => dns.reverse('192.0.2.1', callback)),
    'dns.promises.resolve4': () => dns.promises.resolve4(name),
    'dns.promises.reverse': () => dns.promises.reverse('192.0.2.1'),
    'Resolver.resolve4': () => call((callback) => resolver.resolve4(name, callback)),
    'promises.Resolver.resolve4': () => asyncResolver.resolve4(name),
    'Socket.send with a callback': async () => {
      const socket = dgram.createSocket('udp4');
      // A new socket is bound first, and that fails by event alone.
      const failed = events.once(socket, 'listening');
      const sent = call((callback) => socket.send('hello', ports.udp, host, callback));
      await failed;
      socket.close(await sent.then(() => undefined));
    },
    'Socket.send': () => {
      const socket = dgram.createSocket('udp4');
      socket.send('hello', ports.udp, host);
      return until('message', socket);
    },
    'Socket.bind': () => until('listening', dgram.createSocket('udp4').bind(0, host)),
    'Socket.connect, UDP': () => {
      const socket = dgram.createSocket('udp4');
      socket.connect(ports.udp, host);
      return until('connect', socket);
    },
    'Socket.addMembership': () => {
      const socket = dgram.createSocket('udp4');
      try {
        socket.addMembership('224.0.0.251', host);
      } finally {
        socket.close();
      }
    },
    'os.networkInterfaces': () => Object.keys(os.networkInterfaces()).includes('lo'),
  };
  const attempt = async (action: () => unknown): Promise<Outcome> => {
    try {
      return { answer: (await action()) ?? null };
    } catch (thrown) {
      let error = thrown as Outcome & Error;
      const ours = library.isNetworkDisabledError(error);
      if (error.cause instanceof Error) error = error.cause;
      const { message, code, errno, syscall, systemCode, permission, resource } = error;
      const header = error.stack?.split('\n    at ')[0];
      return { message, code, errno, syscall, systemCode, permission, resource, header, ours };
    }
  };
  const everything = async (): Promise<Outcomes> => {
    const outcomes: Outcomes = {};
    for (const [label, action] of Object.entries(calls)) outcomes[label] = await attempt(action);
    return outcomes;
  };
  const before = await everything();
  library.disableNetwork();
  return { before, after: await everything() };
}

const name = 'disablenetwork.invalid';
let servers: Servers;
let outcomes: { before: Outcomes; after: Outcomes };

beforeAll(async () => {
  servers = await startServers();
  outcomes = await runInChild(callEverything, servers.ports);
});

afterAll(() => {
  servers.close();
});

/** For `PORT`, the port that the call went to. */
const expected: readonly [label: string, answer: unknown, syscall: string, resource: string, systemCode: string][] = [
  ['net.connect', 'connect', 'connect', '127.0.0.1:PORT', 'EPERM'],
  ['net.connect by name', 'connect', 'connect', '127.0.0.1:PORT', 'EPERM'],
  ['net.connect from an address', 'connect', 'bind', '127.0.0.1', 'EPERM'],
  ['Socket.connect', 'connect', 'connect', '127.0.0.1:PORT', 'EPERM'],
  ['Server.listen', 'listening', 'listen', '0.0.0.0', 'EPERM'],
  ['Server.listen on an address', 'listening', 'listen', '127.0.0.1', 'EPERM'],
  ['Server.listen on a name', 'listening', 'listen', '127.0.0.1', 'EPERM'],
  ['tls.connect', 'secureConnect', 'connect', '127.0.0.1:PORT', 'EPERM'],
  ['http.get', 'response', 'connect', '127.0.0.1:PORT', 'EPERM'],
  ['https.get', 'response', 'connect', '127.0.0.1:PORT', 'EPERM'],
  ['http2.connect', 'connect', 'connect', '127.0.0.1:PORT', 'EPERM'],
  ['fetch', 'hello', 'connect', '127.0.0.1:PORT', 'EPERM'],
  ['dns.resolve4', ['192.0.2.1'], 'queryA', 'disablenetwork.invalid', 'ECONNREFUSED'],
  ['dns.resolve', ['192.0.2.1'], 'queryA', 'disablenetwork.invalid', 'ECONNREFUSED'],
  ['dns.reverse', ['host.example'], 'getHostByAddr', '192.0.2.1', 'ENOTFOUND'],
  ['dns.promises.resolve4', ['192.0.2.1'], 'queryA', 'disablenetwork.invalid', 'ECONNREFUSED'],
  ['dns.promises.reverse', ['host.example'], 'getHostByAddr', '192.0.2.1', 'ENOTFOUND'],
  ['Resolver.resolve4', ['192.0.2.1'], 'queryA', 'disablenetwork.invalid', 'ECONNREFUSED'],
  ['promises.Resolver.resolve4', ['192.0.2.1'], 'queryA', 'disablenetwork.invalid', 'ECONNREFUSED'],
  ['Socket.send with a callback', null, 'bind', '0.0.0.0', 'EPERM'],
  ['Socket.send', 'message', 'bind', '0.0.0.0', 'EPERM'],
  ['Socket.bind', 'listening', 'bind', '127.0.0.1', 'EPERM'],
  ['Socket.connect, UDP', 'connect', 'bind', '0.0.0.0', 'EPERM'],
  ['Socket.addMembership', null, 'addMembership', '', 'EPERM'],
  ['os.networkInterfaces', true, 'uv_interface_addresses', '', 'EPERM'],
];

function explanation(syscall: string, resource: string, systemCode: string): Outcome {
  const call = resource === '' ? syscall : `${syscall} ${resource}`;
  return {
    message: `This process disabled its network (disablenetwork), so ${call} was refused (${systemCode}).`,
    code: 'ERR_DISABLENETWORK_DENIED',
    syscall,
    systemCode,
    permission: 'Net',
    resource,
    ours: true,
  };
}

it.each(expected)('%s', (label, answer, syscall, resource, systemCode) => {
  expect(outcomes.before[label]).toEqual({ answer });
  const outcome = outcomes.after[label];
  const port = /:(\d+)/.exec(String(outcome?.resource))?.[1] ?? '';
  const target = resource.replaceAll('PORT', port);
  expect(outcome).toMatchObject(explanation(syscall, target, systemCode));
  expect(outcome?.header).toMatch(/^(?:Error|AggregateError|SystemError) \[ERR_DISABLENETWORK_DENIED\]: /);
  expect(outcome?.header?.endsWith(String(outcome.message))).toBe(true);
});

it('net.connect to several addresses', () => {
  expect(outcomes.before['net.connect to several addresses']).toEqual({ answer: 'connect' });
  const outcome = outcomes.after['net.connect to several addresses'];
  const target = String(outcome?.resource);
  expect(target).toMatch(/^127\.0\.0\.1:(\d+), \[::1\]:\1$/);
  expect({ ...outcome, syscall: 'connect' }).toMatchObject(explanation('connect', target, 'EPERM'));
  expect(outcome?.header).toMatch(/^AggregateError \[ERR_DISABLENETWORK_DENIED\]: /);
});

// What a name server says of a name that does not exist, or that nobody can be asked, depends on the machine.
it.each([
  ['dns.lookup', 'getaddrinfo', 'disablenetwork.invalid'],
  ['dns.lookup with options', 'getaddrinfo', 'disablenetwork.invalid'],
  ['dns.lookup, promisified', 'getaddrinfo', 'disablenetwork.invalid'],
  ['dns.promises.lookup', 'getaddrinfo', 'disablenetwork.invalid'],
  ['net.connect to a name', 'getaddrinfo', 'disablenetwork.invalid'],
  ['http.get of a name', 'getaddrinfo', 'disablenetwork.invalid'],
  ['fetch of a name', 'getaddrinfo', 'disablenetwork.invalid'],
  ['dns.lookupService', 'getnameinfo', '192.0.2.1'],
  // Node forgets the address here.
  ['dns.promises.lookupService', 'getnameinfo', ''],
])('%s', (label, syscall, resource) => {
  const before = outcomes.before[label];
  expect(before).toMatchObject({
    ours: false,
    syscall,
    code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as string,
  });
  expect(before?.message).toBe(`${syscall} ${String(before?.code)} ${resource}`.trim());
  expect(before).not.toHaveProperty('systemCode');
  expect(outcomes.after[label]).toMatchObject({ ...explanation(syscall, resource, 'EAI_AGAIN'), errno: -3001 });
});

// The C library has another word for it here.
it.each(['dns.lookup for IPv4', 'dns.promises.lookup for IPv4', 'net.connect to a name for IPv4'])('%s', (label) => {
  const { before, after } = outcomes;
  expect(before[label]).toMatchObject({ ours: false, message: `getaddrinfo ${String(before[label]?.code)} ${name}` });
  const systemCode = String(after[label]?.systemCode);
  expect(systemCode).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  expect(after[label]).toMatchObject(explanation('getaddrinfo', name, systemCode));
});
