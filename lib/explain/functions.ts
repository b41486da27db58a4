// SPDX-License-Identifier: MIT
// Lookups and os.networkInterfaces() have no channel: their errors go to the caller alone.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { replace, watchErrors, type Watcher } from './wrap';

const lookups = /^(?:lookup(?:Service)?|resolve\w*|reverse)$/;

/** Shows the errors of the functions of node:dns and node:os that need the network. */
export function watchFunctions(watcher: Watcher): void {
  // The prototypes as well: dns.setServers() binds their functions anew.
  const owners = [dns, dns.Resolver.prototype, dns.promises, dns.promises.Resolver.prototype];
  for (const owner of owners) {
    for (const name of Object.getOwnPropertyNames(owner).filter((key) => lookups.test(key))) {
      replace(owner, name, (original) => watchErrors(original, watcher));
    }
  }
  replace(os, 'networkInterfaces', (original) => watchErrors(original, watcher));
  // import { lookup } from 'node:dns'
  syncBuiltinESMExports();
}
