// SPDX-License-Identifier: MIT
import { runInChild } from '../../support/child';
import { startPostgres, type Postgres } from '../../support/postgres';
import { startRedis, type RedisServer } from '../../support/redis';
import { refusal } from '../../support/refusal';

jest.setTimeout(180_000);

const size = 512 * 1024;

describe('PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await postgres.stop();
  });

  it('goes on over TCP and over its Unix socket, where it also takes new connections', async () => {
    const result = await runInChild(
      async ({ attempt, crypto, library, pg }, { port, socketFolder, user, bytes }) => {
        const open = async (host: string): Promise<InstanceType<typeof pg.Client>> => {
          const client = new pg.Client({ host, port, user, database: 'postgres' });
          await client.connect();
          return client;
        };
        /** The server hashes what it got and sends it back. */
        const query = async (client: InstanceType<typeof pg.Client>): Promise<string> => {
          const data = crypto.randomBytes(bytes);
          const text = `select $1::bytea as data, encode(sha256($1::bytea), 'hex') as hash, pg_sleep(0.1)`;
          const [row] = (await client.query<{ data: Buffer; hash: string }>(text, [data])).rows;
          const hash = crypto.createHash('sha256').update(data).digest('hex');
          if (row?.hash !== hash || !row.data.equals(data)) {
            throw new Error('the bytes were changed on their way');
          }
          return hash;
        };
        const clients = [await open('127.0.0.1'), await open(socketFolder)];
        const hashes = await Promise.all(clients.map(query));
        const during = clients.map(query);
        const transaction = await open('127.0.0.1');
        await transaction.query('begin; create table kept (number int); insert into kept values (42)');

        const before = await attempt(async () => (await open('127.0.0.1')).end());
        library.disableNetwork();
        hashes.push(...(await Promise.all(during)), ...(await Promise.all(clients.map(query))));
        const tcp = await attempt(async () => (await open('127.0.0.1')).end());

        await transaction.query('commit');
        const fresh = await open(socketFolder);
        hashes.push(await query(fresh));
        const { rows } = await fresh.query<{ number: number }>('select number from kept');
        await Promise.all([...clients, transaction, fresh].map(async (client) => client.end()));
        return { hashes: new Set(hashes).size, before, tcp, kept: rows[0]?.number };
      },
      { ...postgres, bytes: size },
    );
    expect(result).toEqual({ hashes: 7, before: 'ok', tcp: refusal, kept: 42 });
  });
});

describe('Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis.stop();
  });

  it('goes on over TCP and over its Unix socket, where it also takes new connections', async () => {
    const result = await runInChild(
      async ({ attempt, crypto, events, library, Redis }, { port, socketPath, bytes }) => {
        type Client = InstanceType<typeof Redis>;
        const open = async (target: { port: number; host: string } | { path: string }): Promise<Client> => {
          const client = new Redis({ ...target, lazyConnect: true, retryStrategy: () => null });
          let cause: unknown;
          client.on('error', (error) => (cause = error));
          try {
            await client.connect();
          } catch (error) {
            throw cause ?? error;
          }
          return client;
        };
        const store = async (client: Client): Promise<string> => {
          const data = crypto.randomBytes(bytes);
          const hash = crypto.createHash('sha256').update(data).digest('hex');
          await client.set(hash, data);
          if ((await client.getBuffer(hash))?.equals(data) !== true) {
            throw new Error('the bytes were changed on their way');
          }
          return hash;
        };
        const tcp = { port, host: '127.0.0.1' };
        const unix = { path: socketPath };
        const clients = [await open(tcp), await open(unix)];
        const subscriber = await open(tcp);
        await subscriber.subscribe('news');

        const hashes = await Promise.all(clients.map(store));
        const during = clients.map(store);
        const before = await attempt(async () => (await open(tcp)).disconnect());
        library.disableNetwork();
        hashes.push(...(await Promise.all(during)), ...(await Promise.all(clients.map(store))));
        const after = await attempt(async () => (await open(tcp)).disconnect());

        const fresh = await open(unix);
        hashes.push(await store(fresh));
        const heard = events.once(subscriber, 'message');
        await fresh.publish('news', 'still here');
        return { hashes: new Set(hashes).size, before, after, heard: await heard };
      },
      { port: redis.port, socketPath: redis.socketPath, bytes: size },
    );
    expect(result).toEqual({
      hashes: 7,
      before: 'ok',
      after: refusal,
      heard: ['news', 'still here'],
    });
  });
});
