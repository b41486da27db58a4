// SPDX-License-Identifier: MIT
// Changes nothing, but for a descriptor that it leaves open.
'use strict';
const { openSync } = require('node:fs');
const { DisableNetworkError } = require('../../../dist/errors.js');
module.exports = {
  planDisableNetwork: () => ({}),
  disableNetwork: () => {
    openSync('/dev/null', 'r');
    throw new DisableNetworkError('ERR_DISABLENETWORK_KERNEL', 'Nothing was changed.');
  },
};
