export { KeyHolder, type KeyServer, type OpenTemplate } from './key-holder.js';
export { copyFromRecovery, readRecoveryText, recoveryText } from './recovery.js';
export { keyNumber, makePrivateKey, publicHalf, seal, unseal, usable, type Key, type PrivateKey } from './sealing.js';
