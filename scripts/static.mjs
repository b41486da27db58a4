// SPDX-License-Identifier: MIT
// The checks that run no code of ours.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { nodeFolder } from './addon.mjs';
import { root, runBeside, say } from './run.mjs';
import { changed } from './stamp.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string} command for the shell
 * @property {readonly string[]} [inputs] all that the answer depends on; only for a slow check: a pass
 *   is remembered until they change
 */

const bin = 'node_modules/.bin';

/** @param {string} ending */
function sources(ending) {
  const names = readdirSync(path.join(root, 'csrc'), { recursive: true, encoding: 'utf8' });
  const chosen = names.filter((name) => name.endsWith(ending) && !name.startsWith('uapi/'));
  return chosen.map((name) => `csrc/${name}`).join(' ');
}

function compilerFlags() {
  const node = nodeFolder();
  const defines =
    '-DNAPI_VERSION=8 -DNAPI_DISABLE_CPP_EXCEPTIONS -DNODE_ADDON_API_DISABLE_DEPRECATED ' +
    `'-DDISABLENETWORK_VERSION="0"'`;
  const headers = node === undefined ? '' : `-isystem ${node}/include/node`;
  return `-std=c++20 -Icsrc ${defines} -isystem node_modules/node-addon-api ${headers}`;
}

/** @returns {Check[]} the longest first */
function checks() {
  const tidy = `xargs -P ${availableParallelism()} -I @ clang-tidy --quiet --warnings-as-errors='*' @`;
  return [
    {
      name: 'clang-tidy',
      command: `printf '%s\\n' ${sources('.cc')} | ${tidy} -- ${compilerFlags()}`,
      inputs: ['csrc', '.clang-tidy', 'package-lock.json', 'scripts/static.mjs'],
    },
    { name: 'eslint', command: `${bin}/eslint --max-warnings 0 .` },
    {
      name: 'tsc',
      command: `${bin}/tsc --project tsconfig.json && ${bin}/tsc --project demo --noEmit && ${bin}/tsc --project kernel-patch --noEmit && ${bin}/tsc --project kernel-patch/generate --noEmit`,
    },
    { name: 'tsd', command: `${bin}/tsd --typings dist/index.d.ts --files 'test/types/*.test-d.ts'` },
    { name: 'attw', command: `${bin}/attw --pack . --profile node16` },
    { name: 'publint', command: `${bin}/publint --strict` },
    { name: 'prettier', command: `${bin}/prettier --check --log-level warn .` },
    { name: 'clang-format', command: `clang-format --dry-run --Werror ${sources('.cc')} ${sources('.h')}` },
  ];
}

/**
 * @param {Check} check
 * @returns {Promise<boolean>} whether it passed
 */
async function runCheck({ name, command, inputs }) {
  const remember = inputs === undefined ? () => undefined : changed(`build/.${name}-stamp`, inputs, []);
  if (remember === undefined) {
    say(`${name}: passed before, and nothing has changed since`);
    return true;
  }
  const { status, output, seconds } = await runBeside(command);
  const passed = status === 0;
  say(`${name}: ${passed ? 'passed' : 'FAILED'} in ${seconds.toFixed(1)} s`);
  if (passed) remember();
  else process.stdout.write(`${command}\n${output}\n`);
  return passed;
}

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function runStaticChecks() {
  const waiting = checks();
  const answer = { passed: 0, failed: 0 };
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      answer[(await runCheck(next)) ? 'passed' : 'failed'] += 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return answer;
}
