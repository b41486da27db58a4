// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { tcpRows } from './rows/a-tcp';
import { tcpConnectedRows } from './rows/a-tcp-connected';

describeRows([...tcpRows, ...tcpConnectedRows]);
