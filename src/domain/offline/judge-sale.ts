import type { OfflineLimits } from './limits.js';

/** Clocks that differ by no more are the same clock. */
const CLOCK_TOLERANCE_MS = 120_000;
/** A person in front of a kiosk needs longer than this from the one before. */
const HUMAN_GAP_MS = 3_000;
/** Frames that a face claim must rest on. */
const LEAST_FRAMES = 2;

/** What is known when a sale that was made without network arrives. Instants in ms since the epoch. */
export interface OfflineSaleFacts {
  /** null: never issued to this device. `maxRiskPpm`: the wished bound per stranger when it was issued; null for one of before the bound was noted. */
  readonly envelope: { readonly issuedAtMs: number; readonly validUntilMs: number; readonly day: string; readonly limits: OfflineLimits; readonly maxRiskPpm: number | null } | null;
  /** Whether the envelope offered this person this meal at this price. */
  readonly offered: boolean;
  readonly atMs: number;
  /** Shanghai day of `atMs`. */
  readonly day: string;
  readonly receivedAtMs: number;
  /** When the sale before it in the chain was made; null for the first. */
  readonly previousAtMs: number | null;
  /** Whether that was a sale to somebody else, and when the one before that was made (null: there is none); null where it is not at hand. */
  readonly previous: { readonly toAnother: boolean; readonly beforeAtMs: number | null } | null;
  readonly dueFen: number;
  readonly claim: { readonly kind: 'face'; readonly frames: number; readonly riskPpm: number } | { readonly kind: 'digits' | 'card' };
  /** It was paid with a card that is not the person's now: blocked, returned, or never theirs. */
  readonly cardBlocked: boolean;
  /** Sales of this device under envelopes of the same day that have arrived before, and what they charge. */
  readonly earlier: { readonly sales: number; readonly fen: number; readonly ofPerson: number };
  readonly revokedAtMs: number | null;
  readonly dayClosed: boolean;
}

/** A code of the contract's words, or null: may be priced and posted. */
export type OfflineVerdict = string | null;

/**
 * Why a person has to look at a sale, or null. The first reason in this order counts: trust in the device, then in the
 * record, then in its time, then the limits, then the books.
 */
export function judgeOfflineSale(facts: OfflineSaleFacts): OfflineVerdict {
  if (facts.revokedAtMs !== null) return facts.atMs <= facts.revokedAtMs ? 'OFFLINE.DEVICE_REVOKED' : 'OFFLINE.AFTER_REVOCATION';
  const { envelope } = facts;
  if (envelope === null) return 'OFFLINE.ENVELOPE_UNKNOWN';
  if (!facts.offered) return 'OFFLINE.NOT_OFFERED';
  return timeFault(facts, envelope) ?? limitFault(facts, envelope) ?? (facts.dayClosed ? 'OFFLINE.DAY_CLOSED' : null);
}

function timeFault(facts: OfflineSaleFacts, envelope: NonNullable<OfflineSaleFacts['envelope']>): OfflineVerdict {
  const { atMs, previousAtMs, receivedAtMs } = facts;
  const backwards = previousAtMs !== null && atMs < previousAtMs - CLOCK_TOLERANCE_MS;
  if (backwards || atMs > receivedAtMs + CLOCK_TOLERANCE_MS || atMs < envelope.issuedAtMs - CLOCK_TOLERANCE_MS || facts.day !== envelope.day) return 'OFFLINE.CLOCK';
  if (atMs > envelope.validUntilMs + CLOCK_TOLERANCE_MS) return 'OFFLINE.EXPIRED';
  if (receivedAtMs - atMs > envelope.limits.hardStopMin * 60_000) return 'OFFLINE.TOO_LATE';
  return null;
}

function limitFault(facts: OfflineSaleFacts, { limits, maxRiskPpm }: NonNullable<OfflineSaleFacts['envelope']>): OfflineVerdict {
  const { earlier, dueFen, claim } = facts;
  if (!limits.enabled || dueFen > limits.mealFen || earlier.sales >= limits.kioskSales || earlier.fen + dueFen > limits.kioskFen || earlier.ofPerson > 0) return 'OFFLINE.LIMIT';
  if (isTooFast(facts)) return 'OFFLINE.TOO_FAST';
  if (facts.cardBlocked) return 'OFFLINE.CARD_BLOCKED';
  return claim.kind === 'face' && (claim.frames < LEAST_FRAMES || (maxRiskPpm !== null && claim.riskPpm > maxRiskPpm)) ? 'OFFLINE.IDENTITY_DOUBT' : null;
}

/** Two people with one tray press once for both: one further sale to somebody else may follow at once, a third may not. */
function isTooFast({ atMs, previousAtMs, previous }: OfflineSaleFacts): boolean {
  if (previousAtMs === null || !isTooNear(atMs, previousAtMs)) return false;
  const isSecondOfTray = previous !== null && previous.toAnother && (previous.beforeAtMs === null || !isTooNear(previousAtMs, previous.beforeAtMs));
  return !isSecondOfTray;
}

const isTooNear = (oneMs: number, otherMs: number): boolean => Math.abs(oneMs - otherMs) < HUMAN_GAP_MS;
