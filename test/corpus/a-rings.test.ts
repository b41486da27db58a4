// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { ringAfterRows } from './rows/a-rings-after';
import { ringBeforeRows } from './rows/a-rings-before';
import { ringWaitingRows } from './rows/a-rings-waiting';

describeRows(ringBeforeRows);
describeRows(ringAfterRows);
describeRows(ringWaitingRows);
