// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { ringAfterRows } from './rows/a-rings-after';

describeRows(ringAfterRows);
