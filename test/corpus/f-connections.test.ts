// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { connectionRows } from './rows/f-connections';
import { ownWayRows } from './rows/g-own-ways';

describeRows(connectionRows);
describeRows(ownWayRows);
