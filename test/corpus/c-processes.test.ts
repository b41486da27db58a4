// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { memoryRows } from './rows/c-memory';
import { tracingRows } from './rows/c-tracing';

describeRows([...tracingRows, ...memoryRows]);
