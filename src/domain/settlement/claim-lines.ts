import type { BusinessDay } from '../kernel/business-day.js';
import { InvariantError } from '../kernel/domain-error.js';
import { fen, sumFen, type Fen } from '../kernel/money.js';
import type { ClaimMonth } from './claim-month.js';

/** The payer code by which policies name the caterer itself: its part is a discount, nobody pays it out. */
export const CATERER_PAYER = 'operator';

/** meal: whole meals; relief: a payer's part; operator-payment: what a payer adds to the operator; tender: from which account the diner paid. */
export type MealLineType = 'meal' | 'relief' | 'operator-payment' | 'tender';
/**
 * delivery: a stop that the street agreed to pay a contractor; advance: money that the operator already has, negative;
 * carried: what an earlier claim of the party was below zero, negative.
 */
export type ClaimLineType = MealLineType | 'delivery' | 'advance' | 'carried';

/** For whom a claim is: a payer (what it has to bear), or an operator (what it is to get). */
export interface ClaimParty {
  readonly kind: 'payer' | 'operator';
  readonly code: string;
}

/** What a group of meals, or one adjustment, has in common. */
export interface ClaimLineKey {
  readonly line: ClaimLineType;
  /** Payer code, or the account kind of a tender, or '' for whole meals. */
  readonly partyCode: string;
  readonly pointId: string;
  readonly operatorId: string;
  readonly period: string;
  readonly channel: string;
  readonly ageTier: string;
  readonly categoryCode: string;
  readonly ruleId: string;
  readonly policyVersionId: string;
}

/** Sums of one sign of one key, as the roll-up holds them: never negative. */
export interface RolledUp extends ClaimLineKey {
  readonly sign: 1 | -1;
  readonly meals: number;
  readonly grossFen: number;
  readonly dueFen: number;
  readonly amountFen: number;
}

/** One event of an earlier month that reached this claim: a meal taken back, or a meal that came in late. */
export interface AdjustedEvent extends RolledUp {
  readonly cause: 'reversed' | 'late-meal' | 'late-reversal';
  readonly mealId: string;
  /** The day of the meal or reversal that is adjusted. */
  readonly day: BusinessDay;
  /** The frozen claim that counted the meal, or would have. */
  readonly claimId: string;
}

/** What a claim holds besides meals. amountFen is negative for an advance and for a credit that is carried. */
export interface ClaimBeside {
  readonly line: 'delivery' | 'advance' | 'carried';
  /** '' for a credit carried to a payer. */
  readonly operatorId: string;
  /** '' for an advance and a credit, which belong to no point. */
  readonly pointId: string;
  readonly day: BusinessDay;
  /** The stop, the advance, or the claim whose credit is carried. */
  readonly sourceId: string;
  readonly amountFen: number;
}

/** A line as it is stored and hashed; amounts are net of reversals. */
export interface ClaimLine extends ClaimLineKey {
  readonly kind: 'meals' | 'adjustment' | 'delivery' | 'advance' | 'carried';
  readonly sold: number;
  readonly reversed: number;
  readonly grossFen: Fen;
  readonly dueFen: Fen;
  readonly amountFen: Fen;
  readonly cause: AdjustedEvent['cause'] | null;
  readonly adjustsClaimId: string | null;
  readonly adjustsMealId: string | null;
  readonly adjustsDay: BusinessDay | null;
  readonly sourceId: string | null;
}

/** payableFen = amountFen + adjustmentFen + deliveryFen + advanceFen + carriedFen; all net of reversals, advanceFen and carriedFen never positive. */
export interface ClaimTotals {
  readonly meals: number;
  readonly grossFen: Fen;
  readonly dueFen: Fen;
  readonly amountFen: Fen;
  readonly adjustmentFen: Fen;
  readonly deliveryFen: Fen;
  readonly advanceFen: Fen;
  readonly carriedFen: Fen;
  readonly payableFen: Fen;
}

const keyText = (key: ClaimLineKey): string => [
  key.line, key.partyCode, key.pointId, key.operatorId, key.period, key.channel, key.ageTier, key.categoryCode, key.ruleId, key.policyVersionId,
].join('|');

const BESIDE_ORDER: Readonly<Record<ClaimBeside['line'], number>> = { delivery: 1, advance: 2, carried: 3 };

/** The lines of a claim in one fixed order: groups of the month first, then adjustments by day and meal, deliveries, advances, credits. */
export function claimLines(month: readonly RolledUp[], adjusted: readonly AdjustedEvent[], besides: readonly ClaimBeside[] = []): ClaimLine[] {
  const groups = new Map<string, ClaimLine>();
  for (const row of month) {
    const text = keyText(row);
    const line = groups.get(text) ?? emptyLine(row);
    groups.set(text, {
      ...line, sold: line.sold + (row.sign > 0 ? row.meals : 0), reversed: line.reversed + (row.sign < 0 ? row.meals : 0),
      grossFen: fen(line.grossFen + row.sign * row.grossFen), dueFen: fen(line.dueFen + row.sign * row.dueFen),
      amountFen: fen(line.amountFen + row.sign * row.amountFen),
    });
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  const order = (event: AdjustedEvent): string => `${event.day}|${event.mealId}|${event.cause}|${keyText(event)}`;
  const place = (beside: ClaimBeside): string => `${BESIDE_ORDER[beside.line]}|${beside.day}|${beside.sourceId}`;
  return [
    ...sorted, ...[...adjusted].sort((a, b) => (order(a) < order(b) ? -1 : 1)).map(adjustmentLine),
    ...[...besides].sort((a, b) => (place(a) < place(b) ? -1 : 1)).map(besideLine),
  ];
}

function emptyLine({ line, partyCode, pointId, operatorId, period, channel, ageTier, categoryCode, ruleId, policyVersionId }: ClaimLineKey): ClaimLine {
  return {
    kind: 'meals', line, partyCode, pointId, operatorId, period, channel, ageTier, categoryCode, ruleId, policyVersionId, sold: 0, reversed: 0,
    grossFen: fen(0), dueFen: fen(0), amountFen: fen(0), cause: null, adjustsClaimId: null, adjustsMealId: null, adjustsDay: null,
    sourceId: null,
  };
}

function besideLine({ line, operatorId, pointId, day, sourceId, amountFen }: ClaimBeside): ClaimLine {
  const key: ClaimLineKey = {
    line, partyCode: '', pointId, operatorId, period: '', channel: line === 'delivery' ? 'delivery' : '', ageTier: '', categoryCode: '', ruleId: '', policyVersionId: '',
  };
  return { ...emptyLine(key), kind: line, sold: line === 'delivery' ? 1 : 0, amountFen: fen(amountFen), adjustsDay: day, sourceId };
}

function adjustmentLine(event: AdjustedEvent): ClaimLine {
  return {
    ...emptyLine(event), kind: 'adjustment', sold: event.sign > 0 ? event.meals : 0, reversed: event.sign < 0 ? event.meals : 0,
    grossFen: fen(event.sign * event.grossFen), dueFen: fen(event.sign * event.dueFen), amountFen: fen(event.sign * event.amountFen),
    cause: event.cause, adjustsClaimId: event.claimId, adjustsMealId: event.mealId, adjustsDay: event.day,
  };
}

/**
 * What counts into the amount of a claim: a payer bears its own parts and its payments to operators; an operator gets
 * what payers other than itself bear, and its deliveries less its advances; for both less what an earlier claim was below
 * zero. Whole meals and tenders stand beside it for information.
 */
export function countsFor(party: ClaimParty, line: Pick<ClaimLineKey, 'line' | 'partyCode'>): boolean {
  if (line.line === 'carried') return true;
  if (line.line === 'delivery' || line.line === 'advance') return party.kind === 'operator';
  if (line.line !== 'relief' && line.line !== 'operator-payment') return false;
  return party.kind === 'payer' ? line.partyCode === party.code : line.line === 'operator-payment' || line.partyCode !== CATERER_PAYER;
}

/** @throws InvariantError for a line of somebody else */
export function claimTotals(party: ClaimParty, lines: readonly ClaimLine[]): ClaimTotals {
  if (party.kind === 'operator' && lines.some((line) => line.operatorId !== party.code)) throw new InvariantError('a line of another operator');
  const counted = lines.filter((line) => countsFor(party, line));
  // A payer's claim counts the meals it bears a part of; an operator's counts every meal it served.
  const meals = party.kind === 'payer' ? counted.filter((line) => line.line === 'relief') : lines.filter((line) => line.line === 'meal');
  const sumOf = (kind: ClaimLine['kind']): Fen => sumFen(counted.filter((line) => line.kind === kind).map((line) => line.amountFen));
  const [amountFen, adjustmentFen, deliveryFen, advanceFen, carriedFen] = [sumOf('meals'), sumOf('adjustment'), sumOf('delivery'), sumOf('advance'), sumOf('carried')];
  return {
    meals: meals.reduce((sum, line) => sum + line.sold - line.reversed, 0),
    grossFen: sumFen(meals.map((line) => line.grossFen)), dueFen: sumFen(meals.map((line) => line.dueFen)),
    amountFen, adjustmentFen, deliveryFen, advanceFen, carriedFen, payableFen: fen(amountFen + adjustmentFen + deliveryFen + advanceFen + carriedFen),
  };
}

/** What a claim stands on besides its lines. */
export interface ClaimHead {
  readonly streetId: string;
  readonly month: ClaimMonth;
  readonly party: ClaimParty;
  readonly snapshotId: string;
  /** The newest link of the journal's chain that the claim has seen, and its hash. */
  readonly throughSeq: number;
  readonly sealHash: string;
  readonly persons: number;
}

/** The text whose SHA-256 is the claim's detail hash: head, totals, then one line each, in order; what is beside meals is appended where there is any. */
export function claimText(head: ClaimHead, totals: ClaimTotals, lines: readonly ClaimLine[]): string {
  return [
    JSON.stringify([
      'rehufan-claim-1', head.streetId, head.month, head.party.kind, head.party.code, head.snapshotId, head.throughSeq, head.sealHash, head.persons,
      totals.meals, totals.grossFen, totals.dueFen, totals.amountFen, totals.adjustmentFen, totals.payableFen,
      ...(totals.deliveryFen === 0 && totals.advanceFen === 0 && totals.carriedFen === 0 ? [] : [totals.deliveryFen, totals.advanceFen]),
      ...(totals.carriedFen === 0 ? [] : [totals.carriedFen]),
    ]),
    ...lines.map((line) => JSON.stringify([
      line.kind, line.line, line.partyCode, line.pointId, line.operatorId, line.period, line.channel, line.ageTier, line.categoryCode, line.ruleId,
      line.policyVersionId, line.sold, line.reversed, line.grossFen, line.dueFen, line.amountFen, line.cause, line.adjustsClaimId,
      line.adjustsMealId, line.adjustsDay, ...(line.sourceId === null ? [] : [line.sourceId]),
    ])),
  ].join('\n');
}
