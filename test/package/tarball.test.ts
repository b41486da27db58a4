// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { emptyFolder, type Folder, pack } from './support/package';

jest.setTimeout(60_000);

let folder: Folder;
let root: string;
let files: string[];

beforeAll(() => {
  folder = emptyFolder();
  execFileSync('tar', ['--extract', '--file', pack(folder.path)], { cwd: folder.path });
  root = path.join(folder.path, 'package');
  files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(root, name)).isFile())
    .sort();
});

afterAll(() => {
  folder.remove();
});

describe('the files', () => {
  const expected = [
    /^(LICENSE|README\.md|package\.json)$/,
    /^dist\/([a-z-]+\/)*[a-z-]+\.(js|d\.ts)$/,
    /^man\/[a-z-]+\.1$/,
    /^kernel-patch\/patches\/6\.\d+\/\d{4}-[\w-]+\.patch$/,
    /^csrc\/uapi\/linux\/disablenetwork\.h$/,
    /^kernel-patch\/patches\/series\.sha256$/,
    /^kernel-patch\/series\/[a-z-]+\.txt$/,
    /^kernel-patch\/source\/(Documentation|include|security|tools)\/([A-Za-z-]+\/)*([a-z0-9_]+\.(c|h|rst)|Kconfig|Makefile|config|\.gitignore)$/,
    /^kernel-patch\/config\/[a-z0-9.-]+\.config$/,
    /^kernel-patch\/config\/(planted-faults\.c|unreached\.json)$/,
    /^prebuilds\/linux-(x64|arm64)\/disablenetwork-linux-\1\.node$/,
  ];

  test('are of the expected kinds, and no others', () => {
    expect(files.filter((name) => !expected.some((kind) => kind.test(name)))).toEqual([]);
  });

  test('are of every kind', () => {
    expect(expected.filter((kind) => !files.some((name) => kind.test(name)))).toEqual([]);
  });

  /** What the harness takes from the library, compiled with it a second time. */
  const kit = ['choose', 'help', 'parse', 'text', 'usage-error', 'write-all'].map((name) => `command-line/${name}.ts`);

  test('have every module of lib and vm as code and as types, and what makes the series as code', () => {
    const modules = (folder: string): string[] =>
      readdirSync(path.join(__dirname, '../..', folder), { recursive: true, encoding: 'utf8' }).filter(
        (name) => name.endsWith('.ts') && !name.endsWith('.d.ts'),
      );
    const sources = [
      ...modules('lib'),
      ...modules('vm').map((name) => `vm/${name}`),
      ...[...kit, 'options/nearest.ts'].map((name) => `lib/${name}`),
    ];
    const compiled = sources.flatMap((name) =>
      ['.js', '.d.ts'].map((ending) => `dist/${name.replace(/\.ts$/, ending)}`),
    );
    const series = modules('kernel-patch/generate').map((name) => `dist/series/${name.replace(/\.ts$/, '.js')}`);
    expect(files.filter((name) => name.startsWith('dist/'))).toEqual([...compiled, ...series].sort());
  });

  test('refer to no source map', () => {
    const referring = files.filter((name) => readFileSync(path.join(root, name)).includes('sourceMappingURL='));
    expect(referring).toEqual([]);
  });
});

describe('package.json', () => {
  test('lets npm run nothing at installation', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
    expect(manifest.gypfile).toBe(false);
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
    expect(manifest.dependencies).toBeUndefined();
  });
});

interface Manifest {
  gypfile: boolean;
  scripts: Record<string, string>;
  dependencies?: Record<string, string>;
}

describe('the addon', () => {
  const addon = () => path.join(root, `prebuilds/linux-${process.arch}/disablenetwork-linux-${process.arch}.node`);
  const inspect = (program: string, ...args: string[]) =>
    execFileSync(program, [...args, addon()], { encoding: 'utf8' });
  /** Every architecture's that is there; a clone builds that of the machine. */
  const addons = () => files.filter((name) => name.endsWith('.node')).map((name) => path.join(root, name));
  const read = (what: string, file: string) =>
    execFileSync('readelf', [what, '--wide', file], { encoding: 'utf8', stdio: 'pipe' });

  test('is there for this machine', () => {
    expect(addons()).toContain(addon());
  });

  test('names no library, so that any C library may be there, and no other need be', () => {
    for (const file of addons()) expect(read('--dynamic', file)).not.toContain('(NEEDED)');
    expect(read('--dynamic', process.execPath)).toContain('(NEEDED)');
  });

  test('names no version of a symbol', () => {
    for (const file of addons()) expect(read('--version-info', file)).toContain('No version information found');
    expect(read('--version-info', '/bin/true')).not.toContain('No version information found');
  });

  test('asks for functions only that musl has, too', () => {
    const symbols = (file: string, place: RegExp) =>
      [...read('--dyn-syms', file).matchAll(place)].map(([, name]) => name);
    const known = symbols('/usr/lib/x86_64-linux-musl/libc.so', / \d+ (\w+)$/gm);
    for (const file of addons()) {
      const asked = (binding: string) =>
        symbols(file, new RegExp(` ${binding} +\\w+ +UND (\\w+)$`, 'gm')).filter((name) => !known.includes(name));
      expect(symbols(file, / UND (\w+)$/gm)).toContain('socketpair');
      expect(asked('GLOBAL').filter((name) => name?.startsWith('napi_') === false)).toEqual([]);
      // The absence of the first is what tells musl; the others are Node's, and not every runtime has them.
      const [libc, ...eventLoop] = asked('WEAK').sort();
      expect(libc).toBe('gnu_get_libc_version');
      expect(eventLoop.filter((name) => !/^(uv_|napi_get_uv_event_loop$)/.test(name ?? ''))).toEqual([]);
    }
  });

  test('stays in memory when the Worker ends that loaded it', () => {
    for (const file of addons()) expect(read('--dynamic', file)).toMatch(/FLAGS_1.*NODELETE/);
  });

  test('has a name without tags, which node-gyp-build takes whatever the environment says', () => {
    const tags = path.basename(addon()).split('.');
    expect(tags).toHaveLength(2);
  });

  test('is small and stripped', () => {
    expect(statSync(addon()).size).toBeLessThan(150_000);
    expect(inspect('readelf', '--sections', '--wide')).not.toMatch(/\.(symtab|debug_)/);
  });

  test('exports what Node looks for, and nothing else', () => {
    const defined = inspect('objdump', '--dynamic-syms')
      .split('\n')
      .filter((line) => /^[0-9a-f]+ /.test(line) && !line.includes('*UND*'))
      .map((line) => line.split(/\s+/).at(-1));
    expect(defined.sort()).toEqual(['napi_register_module_v1', 'node_api_module_get_api_version_v1']);
  });

  test('binds at load, then cannot be written to; its stack is guarded and not executable', () => {
    expect(inspect('readelf', '--dynamic', '--wide')).toMatch(/BIND_NOW|FLAGS.*NOW/);
    const segments = inspect('readelf', '--program-headers', '--wide');
    expect(segments).toContain('GNU_RELRO');
    expect(segments).toMatch(/GNU_STACK .* RW /);
    expect(inspect('objdump', '--dynamic-syms')).toContain('__stack_chk_fail');
  });
});
