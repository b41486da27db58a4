// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { ownWayRows } from './rows/g-own-ways';

describeRows(ownWayRows);
