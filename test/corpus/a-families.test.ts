// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { familyAfterRows } from './rows/a-families-after';
import { familyBeforeRows } from './rows/a-families-before';
import { frameRows } from './rows/a-frames';
import { ringRows } from './rows/a-mapped-rings';

describeRows([...familyBeforeRows, ...frameRows, ...ringRows, ...familyAfterRows]);
