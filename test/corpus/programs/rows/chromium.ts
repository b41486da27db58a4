// SPDX-License-Identifier: MIT
// A browser without a screen, on pages that are files, and driven by another program.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { timeFactor } from '../../../support/time';
import type { ProgramRow } from '../row';
import { beside, run, serve } from '../start';
import { asUser } from '../users';

// What is there when the page has loaded; and what comes later, from a Worker.
const code = '0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,7,5,1,1,102,0,0,10,6,1,4,0,65,42,11';
const page = `<!doctype html><title>page</title><ul id="list"></ul><script>
  const say = (text) => { const item = document.createElement('li'); item.textContent = text; list.append(item); };
</script>
<img id="picture" src="picture.svg" onload="say('picture ' + picture.width + ' ' + picture.height)"><script>
  const module = new WebAssembly.Module(new Uint8Array([${code}]));
  say('WebAssembly ' + new WebAssembly.Instance(module).exports.f());
  const worker = new Worker(URL.createObjectURL(new Blob(['onmessage = ({ data }) => postMessage(data * 7)'])));
  worker.onmessage = ({ data }) => { document.title = 'worker ' + data; };
  worker.postMessage(6);
</script>`;
const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>';

const flags = (folder: string): string[] => [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  `--user-data-dir=${join(folder, 'profile')}`,
];

function prepare(folder: string): string {
  mkdirSync(join(folder, 'pages'));
  writeFileSync(join(folder, 'pages/page.html'), page);
  writeFileSync(join(folder, 'pages/picture.svg'), picture);
  return `file://${join(folder, 'pages/page.html')}`;
}

/** The picture comes when it comes. */
const itemsOf = (text: string): string =>
  [...text.matchAll(/<li>([^<]*)<\/li>/g)]
    .map(([, item]) => item)
    .sort()
    .join(', ');

const row = (id: string, title: string, sandbox: boolean): ProgramRow => ({
  id,
  title,
  packages: ['chromium'],
  work: async (launcher, folder) => {
    const url = prepare(folder);
    // Root cannot have the sandbox; without --no-sandbox Chromium ends when it finds none that works.
    const as = sandbox ? asUser('nobody', folder) : ['env'];
    const command = [...launcher, ...as, 'chromium', ...flags(folder), ...(sandbox ? [] : ['--no-sandbox'])];
    const items = itemsOf(await run([...command, '--dump-dom', url], { folder }));
    if (!items.includes('picture')) throw new Error(`the page holds only ${items}`);
    return items;
  },
});

interface Message {
  readonly id?: number;
  readonly result?: {
    readonly targetId?: string;
    readonly sessionId?: string;
    readonly result?: { readonly value?: unknown };
  };
}

/** The protocol of DevTools on two pipes, as puppeteer's `pipe: true` speaks it. */
const pipe: ProgramRow = {
  id: 'F07.chromium-pipe',
  title: 'Chromium driven through pipes (--remote-debugging-pipe)',
  packages: ['chromium'],
  work: async (launcher, folder) => {
    const url = prepare(folder);
    const [file, ...args] = [...launcher, 'chromium', ...flags(folder), '--no-sandbox', '--remote-debugging-pipe'];
    const env = { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder };
    const child = spawn(file, args, { env, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    const input = child.stdio[3] as Writable;
    const output = child.stdio[4] as Readable;
    const ended = once(child, 'close');
    const timer = setTimeout(() => child.kill('SIGKILL'), 120_000 * timeFactor);
    let rest = '';
    let last = 0;
    const waiting = new Map<number, (message: Message) => void>();
    input.on('error', () => undefined);
    output.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\0');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const message = JSON.parse(part) as Message;
        if (message.id !== undefined) waiting.get(message.id)?.(message);
      }
    });
    const call = async (
      method: string,
      params: object,
      sessionId?: string,
    ): Promise<NonNullable<Message['result']>> => {
      const id = ++last;
      input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      const answer = new Promise<Message>((resolve) => void waiting.set(id, resolve));
      const gone = ended.then(() => Promise.reject<Message>(new Error(`chromium ended before it answered ${method}`)));
      return (await Promise.race([answer, gone])).result ?? {};
    };
    try {
      const { targetId } = await call('Target.createTarget', { url });
      const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
      const expression =
        "document.title + ', ' + [...document.querySelectorAll('li')].map((item) => item.innerText).sort()";
      // Until the timer ends the browser.
      for (;;) {
        const { result } = await call('Runtime.evaluate', { expression }, sessionId);
        const text = String(result?.value);
        if (text.includes('worker') && text.includes('picture')) return text;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      await call('Browser.close', {}).catch(() => undefined);
      await ended;
      clearTimeout(timer);
    }
  },
};

const port: ProgramRow = {
  id: 'F07.chromium-port',
  title: 'Chromium driven through a TCP port (--remote-debugging-port)',
  packages: ['chromium'],
  work: async (launcher, folder) => {
    const command = [
      ...launcher,
      'chromium',
      ...flags(folder),
      '--no-sandbox',
      '--remote-debugging-port=0',
      'about:blank',
    ];
    let found: string | undefined;
    const ready = (said: string): boolean => {
      if (said.includes('Cannot start http server for devtools'))
        throw new Error('Cannot start http server for devtools.');
      found = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      return found !== undefined;
    };
    const server = await serve(command, { folder }, ready);
    return beside(server, async () => {
      const answer = await fetch(`http://127.0.0.1:${String(found)}/json/version`);
      return Object.keys((await answer.json()) as object)
        .sort()
        .join(' ');
    });
  },
};

export const chromiumRows = [
  row('F07.chromium', 'Chromium without its sandbox prints what a page of a file has made', false),
  row('F07.chromium-sandbox', 'the same in its own sandbox, as a user', true),
  pipe,
  port,
];
