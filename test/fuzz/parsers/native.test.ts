// SPDX-License-Identifier: MIT
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { buildOnce, filesOf, repository } from '../../support/folders';
import { say, seconds, seed, timeLimit } from '../support/budget';

const short = 2;
jest.setTimeout(timeLimit(short));

function compile(): string {
  const source = join(__dirname, 'native.cc');
  const native = join(repository, 'csrc');
  const folder = buildOnce('native-fuzz', [source, ...filesOf(native)], (target) => {
    const flags = ['-std=c++20', '-O1', '-g', '-Wall', '-Wextra', '-Werror', `-I${native}`];
    const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    // Of each file only the readers count: what else it needs is left out.
    const sections = ['-ffunction-sections', '-Wl,--gc-sections'];
    const files = ['-o', join(target, 'native'), source, join(native, 'kernel/directory.cc')];
    execFileSync('g++', [...flags, ...sanitizers, ...sections, ...files]);
  });
  return join(folder, 'native');
}

test('the readers of /proc in the addon: no crash, and nothing that is open is lost', () => {
  const { status, signal, stdout, stderr } = spawnSync(compile(), [String(seed), String(seconds(short))], {
    encoding: 'latin1',
  });
  expect({ seed, status, signal, stderr }).toEqual({ seed, status: 0, signal: null, stderr: '' });
  const cases = Number(stdout);
  expect(cases).toBeGreaterThan(0);
  say('native readers', { cases, seed, seconds: seconds(short) });
});
