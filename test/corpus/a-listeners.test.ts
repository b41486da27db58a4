// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { listenerRows } from './rows/a-listeners';

describeRows(listenerRows);
