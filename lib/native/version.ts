// SPDX-License-Identifier: MIT

/** As in package.json, which bundlers cannot all read. The addon has to be of the same version. */
export const version = '0.1.0';
