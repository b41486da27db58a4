// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { deviceRows } from './rows/a-devices';
import { fileRows } from './rows/a-files';

describeRows([...fileRows, ...deviceRows]);
