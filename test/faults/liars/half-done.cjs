// SPDX-License-Identifier: MIT
// Installs the filter, and says that nothing was changed.
'use strict';
const real = require('../../../dist/native/load.js');
const { DisableNetworkError } = require('../../../dist/errors.js');
module.exports = {
  planDisableNetwork: () => ({}),
  disableNetwork: () => {
    real.loadBinding().seccompInstall(24);
    throw new DisableNetworkError('ERR_DISABLENETWORK_KERNEL', 'Nothing was changed.');
  },
};
