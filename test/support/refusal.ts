// SPDX-License-Identifier: MIT

/**
 * How a program learns that the network is off: seccomp's answer, Landlock's, or the package's own
 * name for either. Which of them it is, the tests of the explanations say.
 */
export const refusal = expect.stringMatching(/^(EPERM|EACCES|ERR_DISABLENETWORK_DENIED)$/) as string;
