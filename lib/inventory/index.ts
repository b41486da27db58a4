// SPDX-License-Identifier: MIT
export { findForeignDescriptors } from './foreign-descriptors';
export { parseThreadStatus } from './thread-status';
export { readDescriptors, takeInventory } from './take-inventory';
