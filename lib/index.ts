// SPDX-License-Identifier: MIT
export { disableNetwork, planDisableNetwork } from './disable-network';
export { isNetworkDisabled, networkStatus } from './status/network-status';
export { kernelSupport } from './status/kernel-support';
export { isNoSuid, setNoSuid } from './no-suid';
export { prctlGetNetwork, prctlGetNoSuid, prctlSetNetwork, prctlSetNoSuid } from './prctl';
export { PR_NETWORK_OFF, PR_NETWORK_ON } from './constants';
export { DisableNetworkError, type DisableNetworkErrorCode } from './errors';
export { isNetworkDisabledError } from './is-network-disabled-error';
export type * from './types';
