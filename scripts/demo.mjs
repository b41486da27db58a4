// SPDX-License-Identifier: MIT
// `npm run demo`, from a clean clone: sets up what is missing, then runs the demo.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { local, root, run } from './run.mjs';
import { setUp } from './setup.mjs';
import { whenChanged } from './stamp.mjs';

setUp('demo');
whenChanged('build/demo/.setup-stamp', ['demo', 'lib', 'tsconfig.json', 'package-lock.json'], [], () => {
  rmSync(path.join(root, 'build/demo'), { recursive: true, force: true });
  run(local('tsc'), ['--project', 'demo/tsconfig.json'], {});
});
run(process.execPath, ['build/demo/main.js', ...process.argv.slice(2)], {});
