import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { sumFen, type Fen } from '../../domain/kernel/money.js';
import { CATERER_PAYER, monthOfDay, type ClaimMonth } from '../../domain/settlement/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { OperatorContracts } from '../operators/index.js';

export interface FreeDay { readonly pointId: string; readonly day: BusinessDay; readonly claimableFen: number }
/** Days that one advance may rest on: of one street and one month, as the claim that takes it off is. */
export interface FreeMonth {
  readonly streetId: string;
  readonly streetName: string;
  readonly month: ClaimMonth;
  readonly firstDay: BusinessDay;
  readonly lastDay: BusinessDay;
  readonly days: readonly FreeDay[];
  readonly baseFen: Fen;
}
type Row = FreeDay & { streetId: string; streetName: string };

/** What an operator's part in the relief of a day's meals was, net of what was taken back on the day: its own discount, which no claim holds. */
const OWN_PART = `COALESCE((SELECT SUM(p.amount_fen) FROM meal m JOIN meal_payer p ON p.meal_id = m.id AND p.payer_code = ? WHERE m.point_id = d.point_id AND m.business_day = d.business_day), 0)
  - COALESCE((SELECT SUM(p.amount_fen) FROM meal_reversal r JOIN meal m ON m.id = r.meal_id JOIN meal_payer p ON p.meal_id = m.id AND p.payer_code = ?
      WHERE r.business_day = d.business_day AND m.point_id = d.point_id), 0)`;

/** On which closed days an advance may rest, and whether its operator may be paid for them. */
@Injectable()
export class AdvanceDays {
  constructor(private readonly contracts: OperatorContracts, private readonly clock: Clock) {}

  /**
   * Closed days of an operator on which no advance rests and which no frozen claim has taken in, by street and month.
   *
   * @param streetId the street whose staff asks; null for every street
   */
  async free(tx: EntityManager, operatorId: string, streetId: string | null): Promise<FreeMonth[]> {
    const rows = await tx.query<Row[]>(
      `SELECT d.point_id AS pointId, d.business_day AS day, d.subsidy_fen - (${OWN_PART}) AS claimableFen, c.street_id AS streetId, s.name AS streetName
       FROM point_day_close d JOIN point p ON p.id = d.point_id JOIN community c ON c.id = p.community_id JOIN street s ON s.id = c.street_id
       LEFT JOIN advance_day a ON a.point_id = d.point_id AND a.business_day = d.business_day AND a.active = 1
       WHERE d.operator_id = ? AND d.state = 'closed' AND d.subsidy_fen > 0 AND a.advance_id IS NULL AND (? IS NULL OR c.street_id = ?)
         AND NOT EXISTS (SELECT 1 FROM month_claim m WHERE m.street_id = c.street_id AND m.party_kind = 'operator' AND m.party_code = d.operator_id
           AND m.status = 'frozen' AND d.business_day <= LAST_DAY(CONCAT(m.month, '-01')))
       ORDER BY s.name, s.id, d.business_day, d.point_id`, [CATERER_PAYER, CATERER_PAYER, operatorId, streetId, streetId],
    );
    const months = new Map<string, Row[]>();
    for (const row of rows.map((one) => ({ ...one, claimableFen: Number(one.claimableFen) }))) {
      if (row.claimableFen <= 0) continue;
      const key = `${row.streetId} ${monthOfDay(row.day)}`;
      months.set(key, [...months.get(key) ?? [], row]);
    }
    return [...months.values()].flatMap(monthOf);
  }

  /** Whether a frozen claim has taken the month of an advance in. Waits for a claim that is being frozen. */
  async isClaimed(tx: EntityManager, of: { operatorId: string; streetId: string; firstDay: BusinessDay }): Promise<boolean> {
    const rows = await tx.query<{ status: string }[]>(
      `SELECT status FROM month_claim WHERE street_id = ? AND party_kind = 'operator' AND party_code = ? AND month >= ? AND status IN ('signed', 'frozen') LOCK IN SHARE MODE`,
      [of.streetId, of.operatorId, monthOfDay(of.firstDay)],
    );
    return rows.some(({ status }) => status === 'frozen');
  }

  /** Contract, licence and account hold on each of these days, and today: what is paid ahead would have to be paid. @throws DomainError ADVANCE.OPERATOR_UNFIT */
  async requireFit(tx: EntityManager, operatorId: string, days: readonly BusinessDay[]): Promise<void> {
    const [day] = await this.contracts.unfitDays(operatorId, [...days, this.clock.today()], tx);
    if (day !== undefined) throw new DomainError('ADVANCE.OPERATOR_UNFIT', 'refused', { day });
  }
}

function monthOf(rows: readonly Row[]): FreeMonth[] {
  const [first] = rows;
  if (first === undefined) return [];
  return [{
    streetId: first.streetId, streetName: first.streetName, month: monthOfDay(first.day), firstDay: first.day, lastDay: rows.at(-1)?.day ?? first.day,
    days: rows.map(({ pointId, day, claimableFen }) => ({ pointId, day, claimableFen })), baseFen: sumFen(rows.map(({ claimableFen }) => claimableFen)),
  }];
}
