// SPDX-License-Identifier: MIT
// Tells of a drop that is half done, and the next time of one that is complete.
'use strict';
const { DisableNetworkError } = require('../../../dist/errors.js');
let calls = 0;
module.exports = {
  planDisableNetwork: () => ({}),
  disableNetwork: () => {
    calls += 1;
    if (calls === 1) throw new DisableNetworkError('ERR_DISABLENETWORK_PARTIAL', 'End this process.');
    return { alreadyDisabled: true, provider: 'landlock', landlockAbi: 7, limits: [] };
  },
};
