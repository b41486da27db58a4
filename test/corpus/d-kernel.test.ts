// SPDX-License-Identifier: MIT
import { describeRows } from './describe-rows';
import { kernelRows } from './rows/d-kernel';
import { namespaceRows } from './rows/d-namespaces';

describeRows([...kernelRows, ...namespaceRows]);
