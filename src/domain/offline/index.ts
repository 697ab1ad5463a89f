export { DEFAULT_OFFLINE_LIMITS, type OfflineLimits } from './limits.js';
export { judgeOfflineSale, type OfflineSaleFacts, type OfflineVerdict } from './judge-sale.js';
export { placeInChain, FIRST_HASH, type ChainHead, type ChainPlace } from './chain.js';
export { homeKioskOf } from './home-kiosk.js';
