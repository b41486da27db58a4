// SPDX-License-Identifier: MIT
// The service: HTTP in front, PostgreSQL behind, and one call that takes its network away.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Pool } from 'pg';
import { dropNetwork } from './drop';
import { describeFailure } from './failure';
import { mustGoOn } from './must-go-on';
import { type Answer, type Operation, type Question, type Settings, settingsVariable } from './protocol';
import { waysOut, WorkerError } from './ways-out';

const connections = 4;

async function main(): Promise<void> {
  const settings = JSON.parse(process.env[settingsVariable] ?? '') as Settings;
  const pool = await openPool(settings);
  const port = await serve(pool);

  const operations: Record<string, Operation> = {
    ...waysOut(settings),
    ...(await mustGoOn(settings)),
    drop: () => Promise.resolve(JSON.stringify(dropNetwork())),
  };
  process.on('message', (question: Question) => {
    void answer(operations, question).then((result) => process.send?.(result));
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port });
}

/** Every connection is opened now: none can be opened once the network is gone. */
async function openPool({ postgres }: Settings): Promise<Pool> {
  const { port, user, password } = postgres;
  const pool = new Pool({
    ...{ host: '127.0.0.1', port, user, password, database: 'postgres' },
    ...{ min: connections, max: connections, idleTimeoutMillis: 0 },
  });
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  for (const client of clients) client.release();
  return pool;
}

/** GET /TOKEN answers with the token's digest, as PostgreSQL computes it. */
async function serve(pool: Pool): Promise<number> {
  const server = createServer((request, response) => {
    pool.query<{ digest: string }>('SELECT md5($1) AS digest', [request.url?.slice(1)]).then(
      ({ rows }) => response.end(rows[0]?.digest),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

async function answer(operations: Record<string, Operation>, { id, operation, token }: Question): Promise<Answer> {
  try {
    const perform = operations[operation];
    if (perform === undefined) throw new Error(`the service knows no operation ${operation}`);
    return { id, text: await perform(token) };
  } catch (error) {
    return { id, failure: error instanceof WorkerError ? error.failure : describeFailure(error) };
  }
}

void main();
