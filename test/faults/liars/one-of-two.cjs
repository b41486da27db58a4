// SPDX-License-Identifier: MIT
// Installs the filter and leaves out Landlock, which its receipt names.
'use strict';
const real = require('../../../dist/native/load.js');
const receipt = { alreadyDisabled: true, provider: 'landlock', landlockAbi: 7, limits: [] };
module.exports = {
  planDisableNetwork: () => ({}),
  disableNetwork: () => {
    real.loadBinding().seccompInstall(24);
    return receipt;
  },
};
