// SPDX-License-Identifier: MIT

/** What a patch changes that a kernel's image can depend on; neither who wrote it nor what it says. */
export function kernelContent(patch: string): string {
  return patch
    .replace(/\n-- \n[^]*$/, '\n')
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith('diff --git '))
    .filter((part) => !/^diff --git a\/(tools\/testing|Documentation)\/|^diff --git a\/MAINTAINERS /.test(part))
    .join('');
}
