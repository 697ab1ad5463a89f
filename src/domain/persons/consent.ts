import { DomainError } from '../kernel/domain-error.js';

/**
 * Each purpose is asked for, given and withdrawn by itself; none implies another (PIPL 29; the Supreme Court's face
 * rules of 2021, article 4, bar bundled consent).
 */
export const CONSENT_PURPOSES = ['face-point', 'face-roaming', 'face-gate'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

/** self: the senior; guardian: somebody who proved that they may speak for the senior. */
export const CONSENT_GIVERS = ['self', 'guardian'] as const;
export type ConsentGiver = (typeof CONSENT_GIVERS)[number];

/** One act of consent. `pointId` is set for face-point and face-gate: the consent to one point's kiosks or gate is not one to another's. */
export interface ConsentAct {
  purpose: ConsentPurpose;
  pointId: string | null;
  withdrawn: boolean;
}

/** Whether the senior's face may be used by the kiosks of `pointId` today. */
export function allowsFaceAt(acts: readonly ConsentAct[], pointId: string): boolean {
  return acts.some((act) => act.purpose === 'face-point' && !act.withdrawn && act.pointId === pointId);
}

/** Whether another point may send a probe to be compared with this senior's own template. */
export function allowsRoaming(acts: readonly ConsentAct[]): boolean {
  return acts.some((act) => act.purpose === 'face-roaming' && !act.withdrawn);
}

/** @throws DomainError CONSENT.GUARDIAN_PROOF_MISSING unless a guardian's name and proof stand behind their consent. */
export function requireGiver(giver: { givenBy: ConsentGiver; guardianName: string | null; guardianProof: string | null }): void {
  const named = (giver.guardianName ?? '').trim() !== '' && (giver.guardianProof ?? '').trim() !== '';
  if (giver.givenBy === 'guardian' && !named) throw new DomainError('CONSENT.GUARDIAN_PROOF_MISSING', 'invalid');
}
