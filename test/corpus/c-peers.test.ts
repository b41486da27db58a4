// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { peerRows } from './rows/c-peers';
import { terminalRows } from './rows/c-terminals';

describeRows([...peerRows, ...terminalRows]);
