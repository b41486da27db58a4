#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { createContext } from './create-context';
import { dispatch } from './dispatch';

process.exitCode = dispatch(process.argv.slice(2), createContext());
