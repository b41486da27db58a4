// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { controlMessageRows } from './rows/a-control-messages';
import { groupRows } from './rows/a-groups';
import { optionRows } from './rows/a-options';

describeRows([...optionRows, ...controlMessageRows, ...groupRows]);
