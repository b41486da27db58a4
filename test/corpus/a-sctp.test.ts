// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { sctpRows } from './rows/a-sctp';

describeRows(sctpRows);
