// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { tcpRows } from './rows/a-tcp';

describeRows(tcpRows);
