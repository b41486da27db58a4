// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { ringWaitingRows } from './rows/a-rings-waiting';

describeRows(ringWaitingRows);
