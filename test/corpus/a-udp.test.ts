// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { udpRows } from './rows/a-udp';

describeRows(udpRows);
