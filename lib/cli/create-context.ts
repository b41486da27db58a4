// SPDX-License-Identifier: MIT
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { disableNetwork, kernelSupport, networkStatus } from '../index';
import type { CommandContext, ReceiptFile } from './context';
import { detectLibc } from './detect-libc';
import { listInherited } from './run/inherited-descriptors';
import { areProcessesHidden, listProcesses, processExists } from './processes';
import { replaceProcess } from './run/replace-process';
import { writeAll } from '../command-line/write-all';

/** The world as it is. */
export function createContext(): CommandContext {
  return {
    packageVersion: readPackageVersion(),
    nodeVersion: process.version,
    get libc() {
      return detectLibc();
    },
    get width() {
      return Math.min(process.stdout.columns || 80, 100);
    },
    path: process.env['PATH'],
    disableNetwork,
    networkStatus,
    kernelSupport,
    listInherited,
    execute: replaceProcess,
    fileExists: existsSync,
    openReceipt,
    listProcesses,
    processExists,
    areProcessesHidden,
    writeOutput,
    writeError,
  };
}

function openReceipt(file: string): ReceiptFile {
  const fd = openSync(file, 'w');
  return {
    write: (text) => {
      writeAll(fd, text);
      closeSync(fd);
    },
  };
}

// A reader that has seen enough (`disablenetwork ps | head`) is no failure.
function writeOutput(text: string): void {
  try {
    writeAll(1, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') {
      throw error;
    }
  }
}

// Where to write that standard error is closed? The exit code still tells.
function writeError(text: string): void {
  try {
    writeAll(2, text);
  } catch {
    return;
  }
}

function readPackageVersion(): string {
  const file = path.resolve(__dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
