// SPDX-License-Identifier: MIT
import type { RunListener } from '../run';
import { Reporter, type Terminal } from './terminal';

/** Says on the terminal what a run does. */
export function listener(terminal: Terminal): RunListener {
  const reporter = new Reporter(terminal);
  return {
    phase: (text) => {
      reporter.say(text);
    },
    progress: (progress) => {
      reporter.progress(progress);
    },
    frame: ([verb, ...rest]) => {
      if (verb === 'begin') reporter.say(`running ${rest.join(' ')}`);
    },
  };
}
