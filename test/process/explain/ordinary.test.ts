// SPDX-License-Identifier: MIT
// What the drop did not cause is left as it is, beside something that it did cause.
import { runInChild } from '../../support/child';
import { temporaryFolder } from '../../support/folders';
import { startServers, type Servers } from './servers';
import { byProvider, provider } from '../support/provider';

jest.setTimeout(120_000);

const folder = temporaryFolder();
let servers: Servers;

beforeAll(async () => {
  servers = await startServers();
});

afterAll(() => {
  servers.close();
  folder.remove();
});

it('leaves ordinary errors as they were before the drop, to the byte', async () => {
  const result = await runInChild(
    async ({ library, connect, dns, events, fs, http, net }, { ports, path }) => {
      const describe = (error: unknown): object => {
        const known = error as Error;
        const frames = known.stack?.split('\n    at ').length ?? 0;
        const properties = Object.entries(Object.getOwnPropertyDescriptors(known)).filter(([key]) => key !== 'stack');
        return { properties, header: known.stack?.split('\n    at ')[0], framed: frames > 1 };
      };
      const failureOf = async (action: () => unknown): Promise<unknown> => {
        try {
          return { unexpected: await action() };
        } catch (error) {
          return { ...describe(error), ours: library.isNetworkDisabledError(error) };
        }
      };
      const server = net.createServer().listen(path);
      await events.once(server, 'listening');
      fs.writeFileSync(`${path}.file`, '');
      const reset = [await connect(ports.tcp), await connect(ports.tcp)];
      // Both have a listener before the drop as little as after it.
      const ordinary: Record<string, () => unknown> = {
        'nothing at the path': () => events.once(net.connect(`${path}.none`), 'connect'),
        'nobody listens at the path': () => events.once(net.connect(`${path}.file`), 'connect'),
        'no such abstract name': () => events.once(net.connect('\0disablenetwork-nobody'), 'connect'),
        'no such folder': () => events.once(net.createServer().listen(`${path}.none/socket`), 'listening'),
        'the path is taken': () => events.once(net.createServer().listen(path), 'listening'),
        'the request is aborted': () =>
          events.once(http.get({ socketPath: path, signal: AbortSignal.timeout(1) }), 'response'),
        'fetch is aborted': () => fetch(`http://127.0.0.1:${String(ports.http)}`, { signal: AbortSignal.abort() }),
        'the connection is reset': () => {
          const socket = reset.shift();
          socket?.write('reset');
          return events.once(socket ?? server, 'never');
        },
        'no name': () => dns.promises.resolve4('x'.repeat(300)),
        'no callback': () => (dns.lookup as unknown as (name: string) => void)('localhost'),
      };
      const everything = async (): Promise<Record<string, unknown>> => {
        const outcomes: Record<string, unknown> = {};
        for (const [label, action] of Object.entries(ordinary)) outcomes[label] = await failureOf(action);
        return outcomes;
      };
      const before = await everything();
      library.disableNetwork();
      const denied = await failureOf(() => connect(ports.tcp));
      return { before, denied, after: await everything() };
    },
    { ports: servers.ports, path: `${folder.path}/service.sock` },
  );
  expect(Object.values(result.before)).not.toContainEqual(
    expect.objectContaining({ unexpected: expect.anything() as unknown }),
  );
  expect(JSON.stringify(result.before)).toMatch(/ENOENT.*ECONNREFUSED.*ECONNREFUSED.*EACCES.*EADDRINUSE.*ECONNRESET/s);
  expect(result.after).toEqual(result.before);
  expect(result.denied).toMatchObject({ ours: true });
});

it('changes nothing without the option', async () => {
  const result = await runInChild(async ({ library, attempt, connect, dns, dgram, net, os }, port) => {
    const functions = () => [
      ...[dns.lookup, dns.promises.lookup, dns.resolve4, os.networkInterfaces],
      ...[net.Socket.prototype, dgram.Socket.prototype, dns.Resolver.prototype].flatMap((owner) =>
        Object.values(Object.getOwnPropertyDescriptors(owner)).map(({ value }): unknown => value),
      ),
    ];
    const before = functions();
    library.disableNetwork({ explain: false });
    const name = 'disablenetwork.invalid';
    return {
      same: functions().map((each, index) => each === before[index]),
      codes: [await attempt(() => connect(port)), await attempt(() => dns.promises.lookup(name))],
    };
  }, servers.ports.tcp);
  expect(result).toEqual({ same: result.same.map(() => true), codes: ['EPERM', 'EAI_AGAIN'] });
});

it('blames the drop for Unix sockets where the drop refuses them', async () => {
  const path = `${folder.path}/connected.sock`;
  const result = await runInChild(async ({ library, connect, events, net }, target) => {
    const server = net.createServer().listen(target);
    await events.once(server, 'listening');
    const messageOf = async (action: () => unknown): Promise<string> => {
      try {
        await action();
        return 'ok';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const actions = [
      () => connect(target),
      () => connect('\0disablenetwork-nobody'),
      () => events.once(net.createServer().listen(`${target}.new`), 'listening'),
    ];
    const before = [];
    for (const action of actions) before.push(await messageOf(action));
    library.disableNetwork({ unixSockets: 'connected' });
    const after = [];
    for (const action of actions) after.push(await messageOf(action));
    return { before, after };
  }, path);
  const refused = (call: string) =>
    `This process disabled its network (disablenetwork), so ${call} was refused (EPERM).`;
  expect(result.before).toEqual(['ok', 'connect ECONNREFUSED \0disablenetwork-nobody', 'ok']);
  expect(result.after).toEqual([
    refused(`connect ${path}`),
    refused('connect \0disablenetwork-nobody'),
    refused(`listen ${path}.new`),
  ]);
});

it('blames the drop when no socket can listen any more, because a TCP socket is kept', async () => {
  const path = `${folder.path}/listen.sock`;
  const result = await runInChild(
    async ({ library, attempt, connect, events, net }, { port, target }) => {
      const listen = (name: string) =>
        attempt(() => events.once(net.createServer().listen(target + name), 'listening'));
      const before = await listen('.1');
      const kept = await connect(port);
      const { sideEffects } = library.disableNetwork();
      const after = [await listen('.2'), await listen('.none/socket')];
      kept.write('still there');
      const [chunk] = (await events.once(kept, 'data')) as [Buffer];
      return { before, effects: sideEffects.map(({ id }) => id), after, kept: chunk.toString() };
    },
    { port: servers.ports.tcp, target: path },
  );
  expect(result.effects.includes('unix-listen')).toBe(provider !== 'lsm');
  // The kernel patch refuses listen() by what the socket is, so Unix sockets go on listening.
  const first = byProvider({ lsm: 'ok', landlock: 'ERR_DISABLENETWORK_DENIED' });
  expect(result).toMatchObject({ before: 'ok', after: [first, 'EACCES'], kept: 'still there' });
});

it('blames the drop for an abstract name that a scope refuses; the kernel patch says that nobody is there', async () => {
  const result = await runInChild(async ({ library, attempt, connect, childProcess, events }) => {
    const name = `disablenetwork-${String(process.pid)}`;
    const code = `require('node:net').createServer().listen('\\0${name}', () => console.log('ready'))`;
    const server = childProcess.spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    await events.once(server.stdout, 'data');
    const tries = () => attempt(async () => (await connect(`\0${name}`)).destroy());
    const before = await tries();
    library.disableNetwork();
    const after = await tries();
    server.kill();
    return { before, after };
  }, null);
  const after = byProvider({ lsm: 'ECONNREFUSED', landlock: 'ERR_DISABLENETWORK_DENIED' });
  expect(result).toEqual({ before: 'ok', after });
});
