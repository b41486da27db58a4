// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { gameRows } from './rows/e-games';

describeRows(gameRows);
