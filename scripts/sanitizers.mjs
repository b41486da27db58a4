// SPDX-License-Identifier: MIT
// Runs the process tests with an addon that is built with AddressSanitizer and
// UndefinedBehaviorSanitizer. The loader must not be steerable to another file, so this happens in a
// copy of the tree in which build/Release, which the loader prefers, holds that addon.
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { nodeGypEnvironment } from './addon.mjs';
import { countJest } from './jest.mjs';
import { capture, local, root, run } from './run.mjs';
import { whenChanged } from './stamp.mjs';

const folder = path.join(root, 'build-sanitizers');
const copied = ['csrc', 'dist', 'lib', 'test', 'binding.gyp', 'jest.config.js', 'package.json', 'tsconfig.json'];

function buildAddon() {
  rmSync(path.join(folder, 'build'), { recursive: true, force: true });
  const flags = '-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g -O1';
  const environment = { ...nodeGypEnvironment(), CXXFLAGS: flags, LDFLAGS: '-fsanitize=address,undefined' };
  run(local('node-gyp'), ['rebuild'], { environment, folder, quiet: true });
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
  const library = capture('gcc', ['-print-file-name=libasan.so']).output;
  // Leaks are not looked for: Node leaves much of its memory to the end of the process, and the
  // search itself needs ptrace, which a drop takes away.
  const childEnvironment = {
    LD_PRELOAD: library,
    ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=1:handle_segv=0',
    UBSAN_OPTIONS: 'print_stacktrace=1',
  };
  // The escapes attack the kernel, and the stress tests the clock: neither shows more of the addon. The
  // other two look at the environment and the files that a process has of its own, and the sanitizers'
  // runtime adds to both.
  const ignored = '/escapes/|/cli/run-transparent|/inventory-list|\\.stress\\.test\\.ts$';
  const args = ['--selectProjects', 'process', '--testPathIgnorePatterns', ignored];
  return countJest(path.join(results, 'sanitizers.json'), args, { folder, childEnvironment });
}
