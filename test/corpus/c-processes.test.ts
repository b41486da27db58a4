// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { memoryRows } from './rows/c-memory';
import { peerRows } from './rows/c-peers';
import { terminalRows } from './rows/c-terminals';
import { tracingRows } from './rows/c-tracing';

describeRows([...peerRows, ...terminalRows]);
describeRows([...tracingRows, ...memoryRows]);
