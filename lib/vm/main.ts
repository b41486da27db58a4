#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { writeAll } from '../cli/write-all';
import { dispatch } from './dispatch';

const terminal = {
  isTerminal: process.stderr.isTTY,
  width: Math.min(process.stderr.columns || 80, 100),
  writeOutput: (text: string) => {
    writeAll(1, text);
  },
  writeError: (text: string) => {
    writeAll(2, text);
  },
};

void dispatch(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
