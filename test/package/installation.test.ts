// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import { emptyFolder, type Folder, install, pack } from './support/package';
import { installRuntimes, type Runtimes } from './support/runtimes';

jest.setTimeout(120_000);

let runtimes: Runtimes;
let packed: Folder;
let tarball: string;

beforeAll(() => {
  runtimes = installRuntimes();
  packed = emptyFolder();
  tarball = pack(packed.path);
}, 300_000);

afterAll(() => {
  packed.remove();
});

describe.each(['11', '12'] as const)('npm %s', (version) => {
  test('installs the package without a word of warning', () => {
    const folder = emptyFolder();
    try {
      expect(install(runtimes.npm[version], folder.path, [tarball])).toEqual({ status: 0, errors: '' });
    } finally {
      folder.remove();
    }
  });

  test('would warn of an install script', () => {
    const folder = emptyFolder();
    const source = path.join(folder.path, 'source');
    mkdirSync(source);
    const manifest = { name: 'with-script', version: '1.0.0', scripts: { install: 'true' } };
    writeFileSync(path.join(source, 'package.json'), JSON.stringify(manifest));
    try {
      const { errors } = install(runtimes.npm[version], folder.path, [pack(folder.path, source)]);
      expect(errors).toMatch(/script/);
    } finally {
      folder.remove();
    }
  });
});

interface SmokeResult {
  version: string;
  named: string[];
  imported: string[];
  required: string[];
  sameValues: boolean;
  before: Attempt;
  residuals: { id: string }[];
  provider: string;
  threads: number;
  after: Attempt;
}

interface Attempt {
  here: string;
  child: string;
  disabled: boolean;
}

describe('the installed package', () => {
  let folder: Folder;
  let server: Server;

  beforeAll(async () => {
    folder = emptyFolder();
    expect(install(['npm'], folder.path, [tarball]).status).toBe(0);
    for (const name of ['smoke.mjs', 'permission.cjs']) {
      copyFileSync(path.join(__dirname, 'programs', name), path.join(folder.path, name));
    }
    server = createServer((socket) => {
      socket.on('error', () => undefined); // A client that leaves early is no matter.
      socket.end('x');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => {
    server.close();
    folder.remove();
  });

  async function run(command: readonly string[], args: readonly string[]): Promise<string> {
    const [file = '', ...before] = command;
    const child = spawn(file, [...before, ...args], {
      cwd: folder.path,
      env: { ...process.env, NODE_V8_COVERAGE: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const status = await new Promise((resolve) => child.on('close', resolve));
    if (status !== 0) throw new Error(`${command.join(' ')}: exit code ${String(status)}\n${output}${errors}`);
    return output;
  }

  test.each(['Node 20', 'Node 22', 'Node 24', 'Node 26', 'Deno', 'Bun'])('works on %s', async (name) => {
    const runtime = runtimes.all.find((candidate) => candidate.name === name);
    if (runtime === undefined) throw new Error(`no runtime is called ${name}`);
    const { port } = server.address() as AddressInfo;
    const result = JSON.parse(await run(runtime.command, ['smoke.mjs', String(port)])) as SmokeResult;
    expect(result.imported).toEqual(result.required);
    expect(result.named).toEqual(result.required);
    expect(result.sameValues).toBe(true);
    expect(result.before).toEqual({ here: 'x', child: 'x', disabled: false });
    expect(result.residuals).toEqual([]);
    expect(result.threads).toBeGreaterThan(0);
    expect(runtime.refusals).toContain(result.after.here);
    // 1 is EPERM: the child asks the kernel without a runtime in between.
    expect(result.after).toMatchObject({ child: '1', disabled: true });
  });

  test('names --allow-addons under the permission model of Node', async () => {
    const flags = ['--permission', '--allow-fs-read=*'];
    const command = [runtimes.newestNode, ...flags];
    expect(JSON.parse(await run(command, ['permission.cjs']))).toEqual({
      code: 'ERR_DISABLENETWORK_PERMISSION',
      cause: 'ERR_DLOPEN_DISABLED',
      namesFlag: true,
    });
    expect(JSON.parse(await run([...command, '--allow-addons'], ['permission.cjs']))).toEqual({ disabled: false });
  });

  test.each(['LIBC', 'npm_config_arch', 'npm_config_platform', 'DISABLENETWORK_PREBUILD', 'PREBUILDS_ONLY'])(
    'is not steered by %s',
    async (name) => {
      const flags = ['--permission', '--allow-fs-read=*', '--allow-addons'];
      const command = ['env', `${name}=/nowhere`, runtimes.newestNode, ...flags];
      expect(JSON.parse(await run(command, ['permission.cjs']))).toEqual({ disabled: false });
    },
  );

  // Node loads addons without asking whether they may be read.
  test('needs of the permission model addons and its JavaScript, and no other file', async () => {
    const dist = path.join(folder.path, 'node_modules/disablenetwork/dist');
    const readable = ['permission.cjs', 'node_modules/disablenetwork/package.json'];
    const flags = [dist, ...readable.map((name) => path.join(folder.path, name))];
    const command = [runtimes.newestNode, '--permission', '--allow-addons'];
    const allowed = flags.map((name) => `--allow-fs-read=${name}`);
    expect(JSON.parse(await run([...command, ...allowed], ['permission.cjs']))).toEqual({ disabled: false });
  });
});
