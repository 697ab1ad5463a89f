import { DomainError } from '../kernel/domain-error.js';
import { requireValidity, type Validity } from './category.js';

/** applied -> community (checked there) -> approved; refusal is possible at both steps, and both ends are final. */
export const SPECIAL_SENIOR_STATUSES = ['applied', 'community', 'approved', 'refused'] as const;
export type SpecialSeniorStatus = (typeof SPECIAL_SENIOR_STATUSES)[number];

/** Where an application stands and who has acted on it. */
export interface SpecialSeniorApplication extends Validity {
  status: SpecialSeniorStatus;
  appliedBy: string;
  communityCheckedBy: string | null;
  streetDecidedBy: string | null;
  refusalReason: string | null;
}

/** A step a member of staff takes; at 'approve' the street fixes the days. */
export type SpecialSeniorStep =
  | { kind: 'community-check' }
  | { kind: 'approve'; validity: Validity }
  | { kind: 'refuse'; reason: string };

/**
 * The application after the step. Whoever applied cannot check, and whoever applied or checked cannot decide: a meal
 * that the street pays in full rests on three different people.
 *
 * @throws DomainError SPECIAL_SENIOR.ALREADY_DECIDED, SPECIAL_SENIOR.SAME_PERSON, SPECIAL_SENIOR.STEP_OUT_OF_ORDER,
 *   SPECIAL_SENIOR.REASON_MISSING, SPECIAL_SENIOR.END_MISSING, CATEGORY.VALIDITY_EMPTY
 */
export function advanceSpecialSenior(
  application: SpecialSeniorApplication, step: SpecialSeniorStep, actor: string,
): SpecialSeniorApplication {
  requireOpen(application);
  requireAnotherPerson(application, actor);
  if (step.kind === 'refuse') return refuse(application, step.reason, actor);
  if (step.kind === 'community-check') {
    if (application.status !== 'applied') throw outOfOrder(application, step);
    return { ...application, status: 'community', communityCheckedBy: actor };
  }
  if (application.status !== 'community') throw outOfOrder(application, step);
  requireValidity(step.validity);
  // An approval without an end would outlive its reason; the street renews it instead.
  if (step.validity.validTo === null) throw new DomainError('SPECIAL_SENIOR.END_MISSING', 'invalid');
  return { ...application, ...step.validity, status: 'approved', streetDecidedBy: actor };
}

/**
 * An appeal is decided by somebody who had no part in the refusal: neither who refused nor who checked.
 *
 * @param earlier the application whose refusal is appealed against
 * @throws DomainError SPECIAL_SENIOR.APPEAL_SAME_PERSON
 */
export function requireFreshEyes(earlier: Pick<SpecialSeniorApplication, 'communityCheckedBy' | 'streetDecidedBy'>, step: SpecialSeniorStep, actor: string): void {
  if (step.kind === 'community-check') return;
  if (actor === earlier.streetDecidedBy || actor === earlier.communityCheckedBy) throw new DomainError('SPECIAL_SENIOR.APPEAL_SAME_PERSON', 'forbidden');
}

function refuse(application: SpecialSeniorApplication, reason: string, actor: string): SpecialSeniorApplication {
  const written = reason.trim();
  if (written === '') throw new DomainError('SPECIAL_SENIOR.REASON_MISSING', 'invalid');
  const atStreet = application.status === 'community';
  return {
    ...application,
    status: 'refused',
    refusalReason: written,
    communityCheckedBy: atStreet ? application.communityCheckedBy : actor,
    streetDecidedBy: atStreet ? actor : null,
  };
}

function requireOpen(application: SpecialSeniorApplication): void {
  if (application.status === 'approved' || application.status === 'refused') {
    throw new DomainError('SPECIAL_SENIOR.ALREADY_DECIDED', 'conflict', { status: application.status });
  }
}

function requireAnotherPerson(application: SpecialSeniorApplication, actor: string): void {
  if (actor === application.appliedBy || actor === application.communityCheckedBy) {
    throw new DomainError('SPECIAL_SENIOR.SAME_PERSON', 'forbidden');
  }
}

function outOfOrder(application: SpecialSeniorApplication, step: SpecialSeniorStep): DomainError {
  return new DomainError('SPECIAL_SENIOR.STEP_OUT_OF_ORDER', 'conflict', { status: application.status, step: step.kind });
}
