// SPDX-License-Identifier: MIT
'use strict';
module.exports = { planDisableNetwork: () => ({}), disableNetwork: () => process.abort() };
