import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ClaimAnswer } from '../../../contract/finance-claims.js';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { firstDayOf, lastDayOf, type ClaimMonth, type ClaimParty } from '../../../domain/settlement/index.js';
import { OperatorContracts } from '../../operators/index.js';
import type { FrozenClaim } from './claim-figures.query.js';

type UnfitMeals = ClaimAnswer['unfit'][number];
type Row = Omit<UnfitMeals, 'meals' | 'amountFen' | 'day'> & { day: BusinessDay; meals: string; amountFen: string };

/** A payer's claim of a month, and the frozen claims before it. */
interface AskedOf { readonly pointIds: readonly string[]; readonly party: ClaimParty; readonly month: ClaimMonth; readonly frozen: readonly FrozenClaim[] }

/**
 * Meals that a payer is asked for although their operator had no contract or food licence on the day (audit of canteens:
 * subsidies for unlicensed service). They are shown; whoever signs last says why they are claimed all the same.
 */
@Injectable()
export class UnfitMealDays {
  constructor(private readonly contracts: OperatorContracts) {}

  /** By operator and day: the month's meals less those taken back on the day, and meals of earlier months that came in late. */
  async asked(tx: EntityManager, { pointIds, party, month, frozen }: AskedOf): Promise<UnfitMeals[]> {
    if (party.kind !== 'payer' || pointIds.length === 0) return [];
    const days = await tx.query<Row[]>(
      `SELECT x.operatorId, o.name, x.day, SUM(x.meals) AS meals, SUM(x.amountFen) AS amountFen FROM (
         SELECT operator_id AS operatorId, business_day AS day, SUM(IF(line = 'relief', sign * meals, 0)) AS meals, SUM(sign * amount_fen) AS amountFen
         FROM meal_rollup WHERE line IN ('relief', 'operator-payment') AND party_code = ? AND business_day BETWEEN ? AND ? AND point_id IN (?) AND meal_month = ?
         GROUP BY operator_id, business_day
         UNION ALL
         SELECT l.operator_id, l.business_day, COUNT(DISTINCT l.meal_id), SUM(p.amount_fen) FROM meal_rollup_late l JOIN meal_payer p ON p.meal_id = l.meal_id AND p.payer_code = ?
         WHERE l.sign = 1 AND l.seq > ? AND l.business_day < ? AND l.point_id IN (?) GROUP BY l.operator_id, l.business_day) x
       JOIN operator o ON o.id = x.operatorId GROUP BY x.operatorId, o.name, x.day HAVING amountFen > 0 ORDER BY o.name, x.operatorId, x.day`,
      [party.code, firstDayOf(month), lastDayOf(month), pointIds, month, party.code, frozen.at(-1)?.throughSeq ?? Number.MAX_SAFE_INTEGER, firstDayOf(month), pointIds],
    );
    const found: UnfitMeals[] = [];
    for (const operatorId of new Set(days.map((row) => row.operatorId))) {
      const served = days.filter((row) => row.operatorId === operatorId);
      const without = new Set<string>(await this.contracts.unlicensedDays(operatorId, served.map(({ day }) => day), tx));
      found.push(...served.filter(({ day }) => without.has(day)).map((row) => ({ ...row, meals: Number(row.meals), amountFen: Number(row.amountFen) })));
    }
    return found;
  }

  /** Keeps them with a claim that is being frozen: papers that are recorded later change nothing that was signed. */
  async keep(tx: EntityManager, claimId: string, unfit: readonly UnfitMeals[]): Promise<void> {
    if (unfit.length === 0) return;
    await tx.query('INSERT INTO month_claim_unfit_day (claim_id, operator_id, business_day, meals, amount_fen) VALUES ?',
      [unfit.map(({ operatorId, day, meals, amountFen }) => [claimId, operatorId, day, meals, amountFen])]);
  }

  async kept(tx: EntityManager, claimId: string): Promise<UnfitMeals[]> {
    const rows = await tx.query<Row[]>(
      `SELECT u.operator_id AS operatorId, o.name, u.business_day AS day, u.meals, u.amount_fen AS amountFen
       FROM month_claim_unfit_day u JOIN operator o ON o.id = u.operator_id WHERE u.claim_id = ? ORDER BY o.name, u.operator_id, u.business_day`, [claimId],
    );
    return rows.map((row) => ({ ...row, meals: Number(row.meals), amountFen: Number(row.amountFen) }));
  }
}
