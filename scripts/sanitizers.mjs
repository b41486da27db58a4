// SPDX-License-Identifier: MIT
// Runs the process tests with an addon that is built with AddressSanitizer and
// UndefinedBehaviorSanitizer. The loader must not be steerable to another file, so this happens in a
// copy of the tree in which prebuilds/ holds that addon.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { nodeFolder, nodeGypEnvironment, placeAddon } from './addon.mjs';
import { runJest } from './jest.mjs';
import { local, root, run, say } from './run.mjs';
import { whenChanged } from './stamp.mjs';

const folder = path.join(root, 'build-sanitizers');
const sources = ['csrc', 'dist', 'lib', 'man', 'test', 'vm'];
const copied = [...sources, 'binding.gyp', 'jest.config.js', 'package.json', 'tsconfig.json'];

const sanitize = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];

// Leaks are not looked for: Node leaves much of its memory to the end of the process, and the search
// itself needs ptrace, which a drop takes away.
const childEnvironment = {
  ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=1:handle_segv=0',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

function buildAddon() {
  rmSync(path.join(folder, 'build'), { recursive: true, force: true });
  const CXXFLAGS = [...sanitize, '-fno-omit-frame-pointer', '-g', '-O1'].join(' ');
  const LDFLAGS = '-fsanitize=address,undefined';
  const environment = { ...nodeGypEnvironment(), GYP_DEFINES: 'sanitized=1', CXXFLAGS, LDFLAGS };
  run(local('node-gyp'), ['rebuild'], { environment, folder, quiet: true });
  placeAddon(folder, process.arch);
}

/**
 * The runtime of AddressSanitizer must be the first library of a program. LD_PRELOAD would put it into
 * every program that a test starts, and some hang with it: it leaves a lock of the C library's locales
 * broken before curl's or PostgreSQL's main() begins. So the tests use a Node that names it itself.
 *
 * @returns {string} the program
 */
function makeNode() {
  const prefix = path.join(folder, 'node');
  const program = path.join(prefix, 'bin/node');
  whenChanged(
    'build-sanitizers/node/.setup-stamp',
    ['scripts/sanitizers.mjs'],
    [process.execPath, process.version],
    () => {
      rmSync(prefix, { recursive: true, force: true });
      mkdirSync(path.dirname(program), { recursive: true });
      copyFileSync(process.execPath, program);
      run('patchelf', ['--add-needed', 'libasan.so.8', program], {});
      const headers = nodeFolder();
      if (headers !== undefined) symlinkSync(path.join(headers, 'include'), path.join(prefix, 'include'));
    },
  );
  return program;
}

/**
 * Plants a fault of each kind: a sanitizer that finds nothing may be one that is not there.
 *
 * @param {string} node
 */
function proveAlive(node) {
  const answer = { passed: 0, failed: 0 };
  for (const [fault, complaint] of [
    ['OVERRUN', 'AddressSanitizer: heap-buffer-overflow'],
    ['OVERFLOW', 'runtime error: signed integer overflow'],
  ]) {
    const library = path.join(folder, `planted-${String(fault)}.node`);
    const source = 'test/sanitizers/planted-fault.c';
    run('gcc', [...sanitize, `-DPLANT_${String(fault)}`, '-shared', '-fPIC', '-o', library, source], {});
    const code = `process.dlopen({ exports: {} }, ${JSON.stringify(library)})`;
    const env = { ...process.env, ...childEnvironment };
    const { status, stderr } = spawnSync(node, ['-e', code], { env, encoding: 'utf8' });
    const found = status !== 0 && stderr.includes(String(complaint));
    say(`a planted ${String(fault).toLowerCase()}: ${found ? 'found' : `NOT FOUND\n${stderr}`}`);
    answer[found ? 'passed' : 'failed'] += 1;
  }
  return answer;
}

/** @param {string} results */
export function runSanitizers(results) {
  mkdirSync(folder, { recursive: true });
  for (const name of copied) {
    rmSync(path.join(folder, name), { recursive: true, force: true });
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  rmSync(path.join(folder, 'node_modules'), { force: true });
  symlinkSync('../node_modules', path.join(folder, 'node_modules'));
  const inputs = ['csrc', 'binding.gyp', 'scripts/sanitizers.mjs', 'package-lock.json'];
  whenChanged('build-sanitizers/build/.setup-stamp', inputs, [process.version], buildAddon);
  // The first three attack the kernel, and the stress tests the clock: neither shows more of the addon. The
  // other two look at the environment and the files that a process has of its own, and the sanitizers'
  // runtime adds to both.
  const ignored =
    '/start-during-drop|/later-filters|/drop/limits|/cli/run-transparent|/inventory-(list|memory)|\\.stress\\.test\\.ts$';
  const args = ['--selectProjects', 'process', '--testPathIgnorePatterns', ignored];
  const childNode = makeNode();
  const planted = proveAlive(childNode);
  const tests = runJest(path.join(results, 'sanitizers.json'), args, { folder, childEnvironment, childNode });
  return { ...tests, passed: tests.passed + planted.passed, failed: tests.failed + planted.failed };
}
