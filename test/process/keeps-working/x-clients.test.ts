// SPDX-License-Identifier: MIT
// X clients of Debian 12 (libxcb 1.15) try the abstract name of a display first, and go on to the
// path only if nobody listens there. Landlock answers EPERM for an abstract name that exists, so
// such a client gives up; where only the path exists it works.
import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';

import type { UnixSocketPolicy } from '../../../lib/types';
import { runInChild } from '../../support/child';
import { startXServer, type XServer } from '../../support/x-server';
import { byProvider } from '../support/provider';

jest.setTimeout(180_000);

const folder = '/tmp/.X11-unix';

let server: XServer;
beforeAll(async () => {
  server = await startXServer();
});
afterAll(async () => {
  await server.stop();
});

/** A client in a child that has dropped: what it wrote is read back here, and the other way round. */
async function talk(display: string, unixSockets: UnixSocketPolicy): Promise<{ before: string; after: string }> {
  const result = await runInChild(
    ({ childProcess, crypto, library }, input) => {
      const environment = { ...process.env, DISPLAY: input.display };
      const call = (command: string, ...args: string[]): string => {
        const { stdout, stderr } = childProcess.spawnSync(command, args, { env: environment, encoding: 'utf8' });
        return stdout === '' ? stderr : stdout;
      };
      const turn = (name: string): string => {
        const value = crypto.randomBytes(8).toString('hex');
        const set = call('xprop', '-root', '-format', name, '8s', '-set', name, value);
        const text = set + call('xprop', '-root', name);
        const dimensions = /dimensions: +(\S+) pixels/.exec(call('xdpyinfo'))?.[1];
        return text.includes(`"${value}"`) ? `ok ${String(dimensions)}` : text;
      };
      const before = turn('BEFORE');
      library.disableNetwork({ unixSockets: input.unixSockets });
      return { before, after: turn('AFTER') };
    },
    { display, unixSockets },
  );
  // Another client, which has not dropped, sees what it did.
  const seen = execFileSync('xprop', ['-root', 'AFTER'], {
    env: { ...process.env, DISPLAY: display },
    encoding: 'utf8',
  });
  return { before: result.before, after: `${result.after}${/= "/.test(seen) ? ', seen' : ''}` };
}

const works = { before: 'ok 320x240', after: 'ok 320x240, seen' };

it('a display whose server listens on the abstract name as well is refused by a scope, and works with the kernel patch', async () => {
  const { before, after } = await talk(`:${String(server.number)}`, 'pathname');
  expect(before).toBe(works.before);
  // The kernel patch answers ECONNREFUSED, and the client goes on to the path.
  expect(after).toMatch(byProvider({ lsm: /^ok 320x240, seen$/, landlock: /unable to open display/ }));
});

it("the same display works with unixSockets 'all'", async () => {
  expect(await talk(`:${String(server.number)}`, 'all')).toEqual(works);
});

it('a second name for the path gives a display that works by default', async () => {
  const other = server.number + 1000;
  const link = `${folder}/X${String(other)}`;
  symlinkSync(`X${String(server.number)}`, link);
  try {
    expect(await talk(`:${String(other)}`, 'pathname')).toEqual(works);
  } finally {
    rmSync(link);
  }
});

it('a server that listens on the path alone is reached by default', async () => {
  // A number of its own: without the abstract name Xvfb does not see that another server has it.
  const quiet = await startXServer([`:${String(2000 + (process.pid % 50_000))}`, '-nolisten', 'local']);
  try {
    expect(await talk(`:${String(quiet.number)}`, 'pathname')).toEqual(works);
  } finally {
    await quiet.stop();
  }
});
