// SPDX-License-Identifier: MIT
// Whether this code still lies in its package, and what was made of it where it does not.

declare const __webpack_require__: unknown;

/** What put this code into another file; `undefined` when it lies in its package. */
export type Bundle = 'webpack' | 'executable' | 'bundler' | undefined;

export function detectBundle(): Bundle {
  if (isSingleExecutable()) return 'executable';
  // webpack replaces the word, and so does what is built upon it.
  if (typeof __webpack_require__ !== 'undefined') return 'webpack';
  // esbuild and Rollup make a bare object of the module; Node gives it a name.
  return typeof (module as { id?: unknown }).id === 'string' ? undefined : 'bundler';
}

function isSingleExecutable(): boolean {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- Node before 20.12 has no such module
    return (require('node:sea') as { isSea(): boolean }).isSea();
  } catch {
    return false;
  }
}

const lines: Readonly<Record<NonNullable<Bundle>, string>> = {
  executable:
    'a single executable requires built-in modules only. Bundle with `require = require("node:module").createRequire(__filename);` as first line and put the .node file beside the executable',
  webpack:
    "with webpack or Next.js, leave the package out of the bundle: `externals: { disablenetwork: 'commonjs disablenetwork' }`, in next.config `serverExternalPackages: ['disablenetwork']`; or let node-loader handle .node files",
  bundler:
    "with esbuild, use `--loader:.node=copy` and keep the .node file beside the bundle (ES modules also need a banner); with Rollup or Vite, leave the package out of the bundle: `external: ['disablenetwork']`",
};

/** What to change so that the tool takes the addon along. */
export function bundleAdvice(bundle: NonNullable<Bundle>): string {
  return lines[bundle];
}
