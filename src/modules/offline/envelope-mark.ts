import type { Keyring } from '../../infra/crypto/keyring.js';

/** The server's word that an envelope offers a person a meal at a price: nobody else can make it, so it need not be stored. */
export function markOf(keyring: Keyring, offered: { envelopeId: string; personCode: string; setMealId: string; dueFen: number }): string {
  return keyring.keyedHash('session', `offline:${offered.envelopeId}:${offered.personCode}:${offered.setMealId}:${offered.dueFen}`).slice(0, 32);
}
