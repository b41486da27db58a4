// SPDX-License-Identifier: MIT
// Installs the filter, and says that nothing was changed.
'use strict';
const real = require('../../../dist/native/load.js');
const { DisableNetworkError } = require('../../../dist/errors.js');
module.exports = {
  planDisableNetwork: () => ({}),
  disableNetwork: () => {
    const order = { kernelPatch: false, policy: 24, sealRings: false, everyRing: false, handledNetwork: 0, scoped: 0 };
    real.loadBinding().beginDrop(order, 1000);
    throw new DisableNetworkError('ERR_DISABLENETWORK_KERNEL', 'Nothing was changed.');
  },
};
