// SPDX-License-Identifier: MIT
// A child of the service with an IPC channel: it answers a token with its digest.
import { createHash } from 'node:crypto';

process.once('message', (token: string) => {
  process.send?.(createHash('md5').update(token).digest('hex'), () => process.disconnect());
});
