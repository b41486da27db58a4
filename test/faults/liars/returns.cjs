// SPDX-License-Identifier: MIT
// Says that it has done everything, and does nothing.
'use strict';
const receipt = { alreadyDisabled: true, provider: 'landlock', landlockAbi: 7, limits: [] };
module.exports = { planDisableNetwork: () => ({}), disableNetwork: () => receipt };
