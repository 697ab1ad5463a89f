import { panelNumberText, type PanelKeys, type PanelVerifier } from '../../../src/contract/kiosk-panel.js';
import { fromBase64 } from './base64.js';

/** Whose number this is among those that a kiosk was told of; each is tried, so that the time tells nothing. */
export async function ownerOfNumber(keys: PanelKeys, number: string): Promise<{ staffId: string; name: string } | null> {
  const tried = await Promise.all(keys.attendants.map(async ({ staffId, name, verifier }) => ({ staffId, name, fits: verifier.pointId === keys.pointId && await fits(verifier, number) })));
  const owner = tried.find((one) => one.fits);
  return owner === undefined ? null : { staffId: owner.staffId, name: owner.name };
}

async function fits(verifier: PanelVerifier, number: string): Promise<boolean> {
  const { iterations, salt, hash } = verifier;
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(panelNumberText(verifier, number)), 'PBKDF2', false, ['deriveBits']);
  const derived = new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64(salt), iterations }, material, 256));
  const wanted = fromBase64(hash);
  return wanted.length === derived.length && derived.every((byte, at) => byte === wanted[at]);
}

/** A clock that has gone back by more would let an old number live on. */
const CLOCK_TOLERANCE_MS = 120_000;

/** Why a number cannot be looked at without network now; null where it can. @param lastKnownMs the latest time this kiosk has known */
export function whyNoPanel(keys: PanelKeys | null, nowMs: number, lastKnownMs: number): 'panel-none' | 'panel-clock' | null {
  if (keys === null) return 'panel-none';
  if (nowMs < Math.max(lastKnownMs, keys.issuedAtMs) - CLOCK_TOLERANCE_MS) return 'panel-clock';
  return nowMs > keys.validUntilMs ? 'panel-none' : null;
}
