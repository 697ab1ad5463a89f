import type { Keyring } from './keyring.js';

/**
 * The texts behind the keyed hashes by which people are looked up. One place, because a register, a seed and a kiosk
 * that hash differently would never find each other's people. Values are normalised by domain/persons first.
 */
export const identityHashes = {
  idNumber: (keyring: Keyring, idNumber: string): string => keyring.keyedHash('identity', `id:${idNumber}`),
  phone: (keyring: Keyring, phone: string): string => keyring.keyedHash('identity', `phone:${phone}`),
  /** Bound to the point: the same four digits at two points share nothing. */
  last4: (keyring: Keyring, pointId: string, last4: string): string => keyring.keyedHash('identity', `last4:${pointId}:${last4}`),
  card: (keyring: Keyring, cardNo: string): string => keyring.keyedHash('identity', `card:${cardNo}`),
} as const;
