// SPDX-License-Identifier: MIT
// The calls stand here in full, because bundlers follow nothing else; some need a line of
// configuration for them, which docs/bundlers.md has. Inside `try`, a file that is not there (the
// other architecture's, left out to save space) is a warning to them and no error.

export type Attempt = { readonly addon: unknown } | { readonly cause: unknown };

/** Where the addon lies, below the root of the package. */
export function addonFile(architecture: string): string {
  return `prebuilds/linux-${architecture}/disablenetwork-linux-${architecture}.node`;
}

/* eslint-disable @typescript-eslint/no-require-imports -- an import would load it at once */
export function requireAddon(architecture: string): Attempt {
  try {
    if (architecture === 'arm64') {
      // esbuild needs `--loader:.node=copy` here; for other bundlers see docs/bundlers.md.
      return { addon: require('../../prebuilds/linux-arm64/disablenetwork-linux-arm64.node') as unknown };
    }
    // esbuild needs `--loader:.node=copy` here; for other bundlers see docs/bundlers.md.
    return { addon: require('../../prebuilds/linux-x64/disablenetwork-linux-x64.node') as unknown };
  } catch (cause) {
    return { cause };
  }
}
