// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { familyAfterRows } from './rows/a-families-after';
import { familyBeforeRows } from './rows/a-families-before';
import { xdpRows } from './rows/a-xdp';

describeRows([...familyBeforeRows, ...xdpRows, ...familyAfterRows]);
