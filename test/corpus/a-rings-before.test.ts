// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { ringBeforeRows } from './rows/a-rings-before';

describeRows(ringBeforeRows);
