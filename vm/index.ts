// SPDX-License-Identifier: MIT
// `disablenetwork/vm`: kernels with the series, built, booted and tested by a program.
export { build, boot, test, type RunListener, type RunResult } from './run';
export type { BuildListener, BuiltKernel } from './kernel/build';
export { VmError, type VmErrorKind } from './errors';
export type { VmOptions } from './options';
export { parseKtap, leafTests, type KtapReport, type KtapTest, type Outcome } from './verdict/ktap';
export { writeJunit } from './verdict/junit';
export { scanLog, type LogFault, type LogFaultKind } from './guest/log-scan';
export { countOutcomes, type Suite, type TestCase } from './verdict/outcome';
export { renderSummary } from './verdict/summary';
