// SPDX-License-Identifier: MIT
export { findNetworkDeviceFiles } from './device-files';
export { findForeignDescriptors } from '../residuals/foreign-descriptors';
export { parseThreadStatus } from './thread-status';
export { readDescriptors, takeInventory } from './take-inventory';
