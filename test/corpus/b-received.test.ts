// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { handedRows } from './rows/b-handed';
import { polledRingRows } from './rows/b-polled-rings';
import { receivedRows } from './rows/b-received';

describeRows([...receivedRows, ...handedRows, ...polledRingRows]);
