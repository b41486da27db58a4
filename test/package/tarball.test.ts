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
    /^csrc\/([a-z]+\/)*[a-z0-9_]+\.(cc|h)$/,
    /^csrc\/exports\.map$/,
    /^man\/[a-z-]+\.1$/,
    /^kernel-patch\/patches\/6\.\d+\/\d{4}-[\w-]+\.patch$/,
    /^kernel-patch\/config\/[a-z0-9.-]+\.config$/,
    /^kernel-patch\/config\/(planted-faults\.c|unreached\.json)$/,
    /^prebuilds\/linux-(x64|arm64)\/disablenetwork\.(glibc|musl)\.node$/,
  ];

  test('are of the expected kinds, and no others', () => {
    expect(files.filter((name) => !expected.some((kind) => kind.test(name)))).toEqual([]);
  });

  test('are of every kind', () => {
    expect(expected.filter((kind) => !files.some((name) => kind.test(name)))).toEqual([]);
  });

  /** What the harness takes from the library, compiled with it a second time. */
  const kit = ['choose', 'help', 'parse', 'text', 'usage-error', 'write-all'].map((name) => `command-line/${name}.ts`);

  test('have every module of lib and vm as code and as types', () => {
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
    expect(files.filter((name) => name.startsWith('dist/'))).toEqual(compiled.sort());
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
    expect(Object.keys(manifest.dependencies)).toEqual(['node-gyp-build']);
  });
});

interface Manifest {
  gypfile: boolean;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
}

describe('the addon', () => {
  const addon = () => path.join(root, 'prebuilds/linux-x64/disablenetwork.glibc.node');
  const inspect = (program: string, ...args: string[]) =>
    execFileSync(program, [...args, addon()], { encoding: 'utf8' });

  /** The highest version of a library's symbols that the addon needs. */
  function needed(library: string): number[] {
    const versions = [...inspect('objdump', '--dynamic-syms').matchAll(new RegExp(`\\(${library}_([0-9.]+)\\)`, 'g'))];
    const parsed = versions.map(([, version = '']) => version.split('.').map(Number));
    return parsed.sort(compareVersions).at(-1) ?? [];
  }

  function compareVersions(a: number[], b: number[]): number {
    const place = a.findIndex((number, index) => number !== b[index]);
    return place < 0 ? a.length - b.length : (a[place] ?? 0) - (b[place] ?? 0);
  }

  test('loads where the oldest C and C++ libraries are that Node 20 runs on', () => {
    expect(compareVersions(needed('GLIBC'), [2, 28])).toBeLessThanOrEqual(0);
    expect(compareVersions(needed('GLIBCXX'), [3, 4, 25])).toBeLessThanOrEqual(0);
    expect(compareVersions(needed('CXXABI'), [1, 3, 11])).toBeLessThanOrEqual(0);
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
