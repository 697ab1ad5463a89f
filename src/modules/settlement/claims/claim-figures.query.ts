import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InvariantError } from '../../../domain/kernel/domain-error.js';
import {
  firstDayOf, lastDayOf, type AdjustedEvent, type ClaimLineKey, type ClaimMonth, type ClaimParty, type RolledUp,
} from '../../../domain/settlement/index.js';
import { GENESIS_HASH } from '../../ledger/index.js';
import type { Sql } from '../meal-lines.js';
import { DISTINCT_PERSONS, linesOf, PERSON_ROWS, ROLLUP_LINES } from '../rollup/rollup-lines.js';

/** What a claim is made of, as one state of the roll-up shows it. */
export interface ClaimFigures {
  readonly throughSeq: number;
  readonly sealHash: string;
  readonly persons: number;
  readonly month: readonly RolledUp[];
  readonly adjusted: readonly AdjustedEvent[];
}

/** A claim that nothing can change any more. */
export interface FrozenClaim {
  readonly claimId: string;
  readonly month: ClaimMonth;
  readonly throughSeq: number;
}

const KEY = `line, party_code AS partyCode, point_id AS pointId, operator_id AS operatorId, period, channel, age_tier AS ageTier,
  category_code AS categoryCode, rule_id AS ruleId, policy_version_id AS policyVersionId, sign`;
const GROUP = 'line, party_code, point_id, operator_id, period, channel, age_tier, category_code, rule_id, policy_version_id, sign';

type SumRow = ClaimLineKey & { sign: number; meals: string; grossFen: string; dueFen: string; amountFen: string };
type EventRow = SumRow & { mealId: string; day: AdjustedEvent['day']; bookedMonth: ClaimMonth; mealMonth: ClaimMonth };

/**
 * Reads the figures of a claim while the roll-up stands still. Every event is claimed once: with the month of its day
 * where the claim had seen its seal, otherwise as an adjustment in the first later claim that has. A meal taken back
 * in a later month is an adjustment of that month, too, so that a reader sees which claim it corrects.
 */
@Injectable()
export class ClaimFiguresQuery {
  /** @param frozen the party's frozen claims, in order of months */
  async read(tx: EntityManager, pointIds: readonly string[], party: ClaimParty, month: ClaimMonth, frozen: readonly FrozenClaim[]): Promise<ClaimFigures> {
    const [state] = await tx.query<{ through: string }[]>("SELECT through_seq AS through FROM meal_rollup_state WHERE name = 'meals' LOCK IN SHARE MODE");
    const throughSeq = Number(state?.through ?? 0);
    const [seal] = await tx.query<{ hash: string }[]>('SELECT hash FROM journal_seal WHERE seq = ?', [throughSeq]);
    const rows = await this.month(tx, pointIds, party, month);
    return {
      throughSeq, sealHash: seal?.hash ?? GENESIS_HASH, persons: await this.persons(tx, pointIds, party, month),
      month: rows.map(numbers),
      adjusted: frozen.length === 0 ? [] : await this.adjusted(tx, pointIds, party, month, frozen, throughSeq),
    };
  }

  /** People with at least one meal left in the month, each once. */
  private async persons(tx: EntityManager, pointIds: readonly string[], party: ClaimParty, month: ClaimMonth): Promise<number> {
    const operator = party.kind === 'operator';
    const [row] = await tx.query<{ persons: string }[]>(
      `SELECT ${DISTINCT_PERSONS} AS persons FROM ${PERSON_ROWS}
       WHERE x.party_code = ? AND x.month = ? AND x.point_id IN (?) AND x.meals > 0 ${operator ? 'AND x.operator_id = ?' : ''}`,
      [operator ? '' : party.code, month, pointIds, ...(operator ? [party.code] : [])],
    );
    return Number(row?.persons ?? 0);
  }

  /** Sums of the month's own meals; reversals of earlier months' meals are adjustments. */
  private async month(tx: EntityManager, pointIds: readonly string[], party: ClaimParty, month: ClaimMonth): Promise<SumRow[]> {
    const who = await this.whose(tx, party);
    if (who.length === 0) return [];
    const rows: SumRow[] = [];
    for (const [line, partyCode] of who) {
      rows.push(...await tx.query<SumRow[]>(
        `SELECT ${KEY}, SUM(meals) AS meals, SUM(gross_fen) AS grossFen, SUM(due_fen) AS dueFen, SUM(amount_fen) AS amountFen
         FROM meal_rollup_month WHERE line = ? AND party_code = ? AND month = ? AND point_id IN (?) AND meal_month = ?
         ${party.kind === 'operator' ? 'AND operator_id = ?' : ''} GROUP BY ${GROUP}`,
        [line, partyCode, month, pointIds, month, ...(party.kind === 'operator' ? [party.code] : [])],
      ));
    }
    return rows;
  }

  /** Lines and party codes of the roll-up that this party's claim reads. */
  private async whose(tx: EntityManager, party: ClaimParty): Promise<[line: string, partyCode: string][]> {
    if (party.kind === 'payer') return [['relief', party.code], ['operator-payment', party.code]];
    const rows = await tx.query<{ line: string; partyCode: string }[]>('SELECT DISTINCT line, party_code AS partyCode FROM meal_rollup_month');
    return rows.map((row) => [row.line, row.partyCode]);
  }

  private async adjusted(
    tx: EntityManager, pointIds: readonly string[], party: ClaimParty, month: ClaimMonth, frozen: readonly FrozenClaim[], throughSeq: number,
  ): Promise<AdjustedEvent[]> {
    const last = frozen.at(-1);
    const events: Sql = {
      text: `SELECT s.seq, -1 AS sign, r.business_day AS day, r.meal_id FROM meal_reversal r JOIN meal o ON o.id = r.meal_id
             JOIN journal_seal s ON s.transfer_id = r.transfer_id
             WHERE r.business_day BETWEEN ? AND ? AND o.business_day < ? AND o.point_id IN (?) AND s.seq <= ?
             UNION ALL
             SELECT l.seq, l.sign, l.business_day AS day, l.meal_id FROM meal_rollup_late l
             WHERE l.seq > ? AND l.seq <= ? AND l.business_day < ? AND l.point_id IN (?)`,
      params: [firstDayOf(month), lastDayOf(month), firstDayOf(month), pointIds, throughSeq, last?.throughSeq ?? 0, throughSeq, firstDayOf(month), pointIds],
    };
    const found: (AdjustedEvent & { mealMonth: ClaimMonth })[] = [];
    for (const line of ROLLUP_LINES) {
      if (party.kind === 'payer' && line !== 'relief' && line !== 'operator-payment') continue;
      const lines = linesOf(line, events);
      const rows = await tx.query<EventRow[]>(
        `SELECT ${KEY}, meals, gross_fen AS grossFen, due_fen AS dueFen, amount_fen AS amountFen, meal_id AS mealId, business_day AS day,
                DATE_FORMAT(business_day, '%Y-%m') AS bookedMonth, meal_month AS mealMonth
         FROM (${lines.text}) x WHERE ${party.kind === 'payer' ? 'party_code = ?' : 'operator_id = ?'}`,
        [...lines.params, party.code],
      );
      found.push(...rows.map((row) => adjustment(row, month, frozen)));
    }
    return this.claimedHere(tx, found, frozen);
  }

  /**
   * Of meals before the first claim only those that came in after it: what lay there then was never claimed here. Today's
   * first claim leaves no month with meals behind; earlier ones did.
   */
  private async claimedHere(tx: EntityManager, found: readonly (AdjustedEvent & { mealMonth: ClaimMonth })[], [first]: readonly FrozenClaim[]): Promise<AdjustedEvent[]> {
    const early = [...new Set(found.filter(({ mealMonth }) => first !== undefined && mealMonth < first.month).map(({ mealId }) => mealId))];
    const late = early.length === 0 ? [] : await tx.query<{ id: string }[]>(
      'SELECT m.id FROM meal m JOIN journal_seal s ON s.transfer_id = m.transfer_id WHERE m.id IN (?) AND s.seq > ?', [early, first?.throughSeq ?? 0],
    );
    const left = new Set(early.filter((mealId) => !late.some(({ id }) => id === mealId)));
    return found.filter(({ mealId }) => !left.has(mealId)).map(({ mealMonth: _mealMonth, ...event }) => event);
  }
}

/** The claim that is adjusted is that of the month; of a month that had no meals then, the next that was frozen. */
function adjustment(row: EventRow, month: ClaimMonth, frozen: readonly FrozenClaim[]): AdjustedEvent & { mealMonth: ClaimMonth } {
  const { mealId, day, bookedMonth, mealMonth } = row;
  const of = bookedMonth < month ? bookedMonth : mealMonth;
  const claim = frozen.find((one) => one.month >= of) ?? frozen.at(-1);
  if (claim === undefined) throw new InvariantError('an adjustment without a frozen claim');
  const cause = bookedMonth === month ? 'reversed' : Number(row.sign) > 0 ? 'late-meal' : 'late-reversal';
  return { ...numbers(row), mealId, day, cause, claimId: claim.claimId, mealMonth };
}

function numbers(row: SumRow): RolledUp {
  const { line, partyCode, pointId, operatorId, period, channel, ageTier, categoryCode, ruleId, policyVersionId } = row;
  return {
    line, partyCode, pointId, operatorId, period, channel, ageTier, categoryCode, ruleId, policyVersionId, sign: Number(row.sign) > 0 ? 1 : -1,
    meals: Number(row.meals), grossFen: Number(row.grossFen), dueFen: Number(row.dueFen), amountFen: Number(row.amountFen),
  };
}
