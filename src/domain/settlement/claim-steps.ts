import { DomainError } from '../kernel/domain-error.js';

export type ClaimStatus = 'draft' | 'checked' | 'signed' | 'frozen';
export type ClaimStep = 'check' | 'sign' | 'return' | 'pay';

/** An act already done on the present snapshot of a claim, oldest first. */
export interface ClaimAct {
  readonly act: 'made' | 'checked' | 'signed';
  readonly staffId: string;
}

const STATUS_FOR: Readonly<Record<ClaimStep, readonly ClaimStatus[]>> = {
  check: ['draft'], sign: ['checked', 'signed'], return: ['checked', 'signed'], pay: ['frozen'],
};

/**
 * Whether this person may take this step now, and where it leads. Maker, checker and payer are different people
 * (Accounting Law 2024, art. 25: bookkeeping, approving and handling money are kept apart); a claim is signed by two
 * different people, neither of whom made it; whoever pays has neither made, checked nor signed it. Nothing leads out
 * of `frozen`: what changes later is an adjustment of the next period (Accounting Law, art. 14).
 *
 * @returns the status after the step
 * @throws DomainError CLAIM.WRONG_STATE, CLAIM.SAME_PERSON
 */
export function claimStep(step: ClaimStep, status: ClaimStatus, acts: readonly ClaimAct[], staffId: string): ClaimStatus {
  if (!STATUS_FOR[step].includes(status)) throw new DomainError('CLAIM.WRONG_STATE', 'conflict', { status });
  const did = (act: ClaimAct['act']): boolean => acts.some((one) => one.act === act && one.staffId === staffId);
  const apart: Readonly<Record<ClaimStep, boolean>> = {
    check: did('made'), sign: did('made') || did('signed'), return: false, pay: did('made') || did('checked') || did('signed'),
  };
  if (apart[step]) throw new DomainError('CLAIM.SAME_PERSON', 'refused', { step });
  switch (step) {
    case 'check': return 'checked';
    case 'sign': return status === 'checked' ? 'signed' : 'frozen';
    case 'return': return 'draft';
    case 'pay': return 'frozen';
  }
}
