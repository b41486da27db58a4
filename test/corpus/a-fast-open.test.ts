// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { fastOpenRows, mptcpRows } from './rows/a-fast-open';

describeRows([...fastOpenRows, ...mptcpRows]);
