// SPDX-License-Identifier: MIT
// Installs the filter and leaves out Landlock, which its receipt names.
'use strict';
const real = require('../../../dist/native/load.js');
const receipt = { alreadyDisabled: true, provider: 'landlock', landlockAbi: 7, limits: [] };
module.exports = {
  planDisableNetwork: () => ({}),
  disableNetwork: () => {
    const order = { kernelPatch: false, policy: 24, sealRings: false, everyRing: false, handledNetwork: 0, scoped: 0 };
    real.loadBinding().beginDrop(order, 1000);
    return receipt;
  },
};
