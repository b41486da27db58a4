// SPDX-License-Identifier: MIT
// Coverage of lib/ and vm/: what jest saw of the unit tests, and what the children of the process tests,
// which run dist/, wrote when they ended. A child that was killed or replaced by exec reports nothing.
import { mergeProcessCovs } from '@bcoe/v8-coverage';
import libCoverage from 'istanbul-lib-coverage';
import libReport from 'istanbul-lib-report';
import reports from 'istanbul-reports';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import v8ToIstanbul from 'v8-to-istanbul';
import { root } from './run.mjs';

/**
 * @typedef {import('@bcoe/v8-coverage').ProcessCov} ProcessCov
 * @typedef {import('@bcoe/v8-coverage').ScriptCov} ScriptCov
 * @typedef {import('istanbul-lib-coverage').CoverageMapData} CoverageMapData
 * @typedef {{ version: 3, file: string, names: string[], mappings: string }} SourceMap
 */

/**
 * @param {string} jestFile what jest's json reporter wrote
 * @param {string} childFolder the NODE_V8_COVERAGE of the children
 */
export async function reportCoverage(jestFile, childFolder) {
  const map = libCoverage.createCoverageMap({});
  if (existsSync(jestFile)) map.merge(/** @type {CoverageMapData} */ (JSON.parse(readFileSync(jestFile, 'utf8'))));
  for (const script of readChildren(childFolder)) map.merge(await toSource(script));
  const context = libReport.createContext({ coverageMap: map, dir: root });
  reports.create('text', { maxCols: 120 }).execute(context);
}

/** @param {string} folder */
function readChildren(folder) {
  if (!existsSync(folder)) return [];
  const dist = path.join(root, 'dist') + path.sep;
  const all = readdirSync(folder).flatMap((name) => readChild(path.join(folder, name)));
  const ours = all.map(({ result }) => ({
    result: result
      .filter(({ url }) => url.startsWith('file:') && fileURLToPath(url).startsWith(dist))
      .filter(({ url }) => url.endsWith('.js')),
  }));
  return mergeProcessCovs(ours).result;
}

/**
 * @param {string} file
 * @returns {ProcessCov[]}
 */
function readChild(file) {
  try {
    return [/** @type {ProcessCov} */ (JSON.parse(readFileSync(file, 'utf8')))];
  } catch {
    return []; // The child was killed while it wrote.
  }
}

/**
 * The library is published without source maps, so the map is made here. It fits only if the same
 * compiler options give the same text, and that is checked.
 *
 * @param {ScriptCov} script
 */
async function toSource({ url, functions }) {
  const file = fileURLToPath(url);
  const name = path.relative(path.join(root, 'dist'), file).replace(/\.js$/, '.ts');
  // The harness has a tree of its own, and a copy of what it takes from the library.
  const source = path.join(root, /^(lib|vm)\//.test(name) ? '' : 'lib', name);
  const original = readFileSync(source, 'utf8');
  const { outputText, sourceMapText } = ts.transpileModule(original, {
    fileName: source,
    compilerOptions: { ...compilerOptions(), sourceMap: true },
  });
  const text = readFileSync(file, 'utf8');
  if (outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, '').trim() !== text.trim()) {
    throw new Error(`${file} is not what ${source} compiles to: run \`npm run build:library\``);
  }
  const map = /** @type {SourceMap} */ (JSON.parse(sourceMapText ?? '{}'));
  const sourcemap = { ...map, sources: [source], sourcesContent: [original] };
  const converter = v8ToIstanbul(file, 0, { source: text, originalSource: original, sourceMap: { sourcemap } });
  await converter.load();
  converter.applyCoverage(functions);
  return converter.toIstanbul();
}

function compilerOptions() {
  const file = path.join(root, 'tsconfig.build.json');
  return ts.parseJsonConfigFileContent(ts.readConfigFile(file, (name) => ts.sys.readFile(name)).config, ts.sys, root)
    .options;
}
