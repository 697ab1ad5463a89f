import { daysBetween, type BusinessDay } from '../kernel/business-day.js';

/** Papers without which no subsidised meal is sold and no claim is paid. */
export const PAPER_KINDS = ['contract', 'licence', 'bank-account'] as const;
export type PaperKind = (typeof PAPER_KINDS)[number];

/** One version of a paper. Half-open validity; null end: none written. Only versions that count: not replaced, and approved where a second person must. */
export interface Paper {
  readonly paperId: string;
  readonly kind: PaperKind;
  /** Contract, licence or account number as it may be shown. */
  readonly number: string;
  /** Who the paper names: the contract party, the licence holder, the account's owner. */
  readonly partyName: string;
  readonly validFrom: BusinessDay | null;
  readonly validTo: BusinessDay | null;
}

export const STANDING_PROBLEMS = [
  'no-contract', 'contract-ended', 'no-licence', 'licence-ended', 'no-bank-account', 'account-name-differs', 'account-shared',
] as const;
export type StandingProblem = (typeof STANDING_PROBLEMS)[number];

/** Selling under a subsidy needs a contract and a food licence; a claim also an account in the contract party's name. */
const STOPS_SALE: readonly StandingProblem[] = ['no-contract', 'contract-ended', 'no-licence', 'licence-ended'];
/** A shared account is a question to ask, not a proof: it is flagged and stops nothing by itself. */
const ONLY_FLAGGED: readonly StandingProblem[] = ['account-shared'];

export const stopsSale = (problem: StandingProblem): boolean => STOPS_SALE.includes(problem);
export const stopsClaim = (problem: StandingProblem): boolean => !ONLY_FLAGGED.includes(problem);

/** How an operator stands on one day. */
export interface OperatorStanding {
  readonly contract: Paper | null;
  readonly licence: Paper | null;
  readonly bankAccount: Paper | null;
  readonly problems: readonly StandingProblem[];
}

/** Whether the paper holds on `day`. */
export function holdsOn(paper: Paper, day: BusinessDay): boolean {
  return (paper.validFrom === null || paper.validFrom <= day) && (paper.validTo === null || day < paper.validTo);
}

/**
 * The papers in force on a day and what is wrong with them (standards.md 2.1: the account's name equals the contract
 * party; 2.2: no open claim without valid licence and contract dates).
 *
 * @param accountShared whether another operator names the same account
 */
export function standingOf(papers: readonly Paper[], day: BusinessDay, accountShared: boolean): OperatorStanding {
  const inForce = (kind: PaperKind): Paper | null =>
    papers.filter((paper) => paper.kind === kind && holdsOn(paper, day)).sort((a, b) => ((a.validFrom ?? '') < (b.validFrom ?? '') ? 1 : -1))[0] ?? null;
  const ended = (kind: PaperKind): boolean => papers.some((paper) => paper.kind === kind && paper.validTo !== null && paper.validTo <= day);
  const [contract, licence, bankAccount] = [inForce('contract'), inForce('licence'), inForce('bank-account')];
  const problems: StandingProblem[] = [];
  if (contract === null) problems.push(ended('contract') ? 'contract-ended' : 'no-contract');
  if (licence === null) problems.push(ended('licence') ? 'licence-ended' : 'no-licence');
  if (bankAccount === null) problems.push('no-bank-account');
  if (contract !== null && bankAccount !== null && plain(contract.partyName) !== plain(bankAccount.partyName)) problems.push('account-name-differs');
  if (bankAccount !== null && accountShared) problems.push('account-shared');
  return { contract, licence, bankAccount, problems };
}

/** Blanks and full-width brackets are how a clerk types, not another firm. */
function plain(name: string): string {
  return name.normalize('NFKC').replace(/\s/gu, '');
}

/** Days before an end on which somebody is told. */
export const WARNING_DAYS = [30, 7] as const;

/** The warning that is due for a paper that ends on `validTo`, or null: too early, or over. */
export function warningDue(validTo: BusinessDay | null, today: BusinessDay): (typeof WARNING_DAYS)[number] | null {
  if (validTo === null) return null;
  const days = daysBetween(today, validTo);
  if (days < 0) return null;
  return [...WARNING_DAYS].reverse().find((limit) => days <= limit) ?? null;
}
