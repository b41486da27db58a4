// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';

import { runInChild, startInChild } from '../../support/child';
import { listen } from '../../support/network';
import { refusal } from '../../support/refusal';

jest.setTimeout(120_000);

const body = randomBytes(256 * 1024).toString('base64');

const servers: Server[] = [];
afterEach(() => {
  servers.splice(0).forEach((server) => {
    server.closeAllConnections();
    server.close();
  });
});

/** Posts the body in two halves, on a kept connection. */
async function post(agent: Agent, port: number, between: () => void): Promise<{ same: boolean; reused: boolean }> {
  const message = request({ port, host: '127.0.0.1', agent, method: 'POST' });
  message.write(body.slice(0, body.length / 2));
  await once(message, 'socket');
  between();
  message.end(body.slice(body.length / 2));
  const [response] = (await once(message, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
  }
  return { same: Buffer.concat(chunks).toString() === body, reused: message.reusedSocket };
}

it('HTTP/1.1 keep-alive as a client, also through fetch', async () => {
  const server = createServer((incoming, response) => incoming.pipe(response));
  servers.push(server);
  const port = await listen(server);
  const result = await runInChild(
    async ({ attempt, events, http, library, tryConnect }, input) => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const postOnce = async (between: () => void): Promise<[boolean, boolean]> => {
        const message = http.request({ port: input.port, host: '127.0.0.1', agent, method: 'POST' });
        message.write(input.body.slice(0, 1000));
        await events.once(message, 'socket');
        between();
        message.end(input.body.slice(1000));
        const [response] = (await events.once(message, 'response')) as [NodeJS.ReadableStream];
        let text = '';
        for await (const chunk of response) {
          text += String(chunk);
        }
        return [text === input.body, message.reusedSocket];
      };
      const fetchOnce = async (): Promise<boolean> => {
        const response = await fetch(`http://127.0.0.1:${String(input.port)}/`, { method: 'POST', body: input.body });
        return (await response.text()) === input.body;
      };
      const nothing = (): void => undefined;
      const posts = [await postOnce(nothing), await postOnce(nothing)];
      const fetches = [await fetchOnce()];
      const before = await tryConnect(input.port);
      posts.push(await postOnce(() => library.disableNetwork()));
      posts.push(await postOnce(nothing));
      fetches.push(await fetchOnce());
      // The one connection is busy: another would be a new one.
      const fresh = await attempt(async () => {
        await events.once(http.get({ port: input.port, host: '127.0.0.1', agent: false }), 'response');
      });
      return { posts, fetches, before, fresh };
    },
    { port, body },
  );
  expect(result).toEqual({
    posts: [
      [true, false],
      [true, true],
      [true, true],
      [true, true],
    ],
    fetches: [true, true],
    before: 'ok',
    fresh: refusal,
  });
});

it('HTTP/1.1 keep-alive as a server, for old and new connections', async () => {
  const child = startInChild(async ({ http, library, listen: listenOn, next, report, tryConnect }) => {
    const port = await listenOn(http.createServer((incoming, response) => incoming.pipe(response)));
    report(port);
    await next();
    const before = await tryConnect(port);
    library.disableNetwork();
    report([before, await tryConnect(port)]);
    await next();
  }, null);
  const port = await child.report<number>();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const nothing = (): void => undefined;
  expect(await post(agent, port, nothing)).toEqual({ same: true, reused: false });
  expect(
    await post(agent, port, () => {
      child.send('drop');
    }),
  ).toEqual({ same: true, reused: true });
  expect(await child.report()).toEqual(['ok', refusal]);
  expect(await post(agent, port, nothing)).toEqual({ same: true, reused: true });
  const another = new Agent({ keepAlive: true });
  expect(await post(another, port, nothing)).toEqual({ same: true, reused: false });
  agent.destroy();
  another.destroy();
  child.send('end');
  await child.result;
});
