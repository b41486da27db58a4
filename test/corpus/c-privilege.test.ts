// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { privilegeRows } from './rows/c-privilege';

describeRows(privilegeRows);
