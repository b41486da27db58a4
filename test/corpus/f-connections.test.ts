// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { connectionRows } from './rows/f-connections';

describeRows(connectionRows);
