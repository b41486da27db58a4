#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { dispatch } from './cli/dispatch';
import { openTerminal } from './cli/terminal';

void dispatch(process.argv.slice(2), openTerminal()).then((code) => {
  process.exitCode = code;
});
