// SPDX-License-Identifier: MIT
// A Worker that lives through the drop and tries the network when it is told to.
import { parentPort } from 'node:worker_threads';
import { isNetworkDisabled } from 'disablenetwork';
import { dropNetwork } from './drop';
import { exchange } from './exchange';
import { describeFailure } from './failure';

parentPort?.on('message', ({ port, token }: { port: number; token: string }) => {
  // The main thread's call covers this thread. A call of its own changes nothing but this: its
  // errors give their reason, too, for the modules of a Worker are its own.
  if (isNetworkDisabled()) dropNetwork();
  exchange(port, token).then(
    (text) => parentPort?.postMessage({ text }),
    (error: unknown) => parentPort?.postMessage({ failure: describeFailure(error) }),
  );
});
