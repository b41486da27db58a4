// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { abiRows } from './rows/e-abi';
import { gameRows } from './rows/e-games';
import { threadRows } from './rows/e-threads';

describeRows([...abiRows, ...threadRows]);
describeRows(gameRows);
