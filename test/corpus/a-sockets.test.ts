// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { controlMessageRows } from './rows/a-control-messages';
import { familyAfterRows } from './rows/a-families-after';
import { familyBeforeRows } from './rows/a-families-before';
import { fastOpenRows, mptcpRows } from './rows/a-fast-open';
import { frameRows } from './rows/a-frames';
import { groupRows } from './rows/a-groups';
import { listenerRows } from './rows/a-listeners';
import { ringRows } from './rows/a-mapped-rings';
import { optionRows } from './rows/a-options';
import { sctpRows } from './rows/a-sctp';
import { udpRows } from './rows/a-udp';

describeRows([...familyBeforeRows, ...frameRows, ...ringRows, ...familyAfterRows]);
describeRows([...fastOpenRows, ...mptcpRows]);
describeRows(listenerRows);
describeRows([...optionRows, ...controlMessageRows, ...groupRows]);
describeRows(sctpRows);
describeRows(udpRows);
