// SPDX-License-Identifier: MIT
export { disableNetwork, planDisableNetwork } from './api/disable-network';
export { isNetworkDisabled, networkStatus } from './api/network-status';
export { kernelSupport } from './api/kernel-support';
export { isNoSuid, setNoSuid } from './api/no-suid';
export { prctlGetNetwork, prctlGetNoSuid, prctlSetNetwork, prctlSetNoSuid } from './api/prctl';
export { PR_NETWORK_OFF, PR_NETWORK_ON } from './native/constants';
export { DisableNetworkError, type DisableNetworkErrorCode } from './errors';
export { isNetworkDisabledError } from './api/is-network-disabled-error';
export type * from './types';
