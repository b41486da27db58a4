// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { abiRows } from './rows/e-abi';
import { threadRows } from './rows/e-threads';

describeRows([...abiRows, ...threadRows]);
