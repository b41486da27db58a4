// SPDX-License-Identifier: MIT
// `npm run test:programs`: real programs with the drop and without it, in every environment that this
// kernel offers. Needs big packages and so is no stage of `npm test`. Further arguments go to jest:
// `npm run test:programs -- -t F09` does one row.
import { fail, local, run } from './run.mjs';
import { setUp } from './setup.mjs';

// Some rows become other users, and the launcher that hides Landlock needs it.
if (process.getuid?.() !== 0) fail('test:programs has to run as root: some of its programs become other users');
setUp('corpus');
const args = ['--selectProjects', 'programs', ...process.argv.slice(2)];
run(local('jest'), args, { environment: { TEST_CORPUS: '1' } });
