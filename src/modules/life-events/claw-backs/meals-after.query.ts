import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { MealAfterRow, MealsAfterSum } from '../../../contract/life-events.js';
import { EXCEPTION_KINDS } from '../../../domain/exceptions/index.js';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import type { SqlCondition } from '../../../infra/http/scope-filter.js';
import { PayerWords } from '../../subsidy/index.js';

type Row = Omit<MealAfterRow, 'payers' | 'mayDecide' | 'findingLabel'> & { proposedBy: string | null; findingKind: string | null };

type PayerSum = MealAfterRow['payers'][number];

/** What narrows meals after events: constant SQL about e (event), m (meal), c (claw-back), s (senior). */
export type MealsAfterFilter = SqlCondition;
/** The same for meals of findings: c (claw-back), m (meal), p (point), k (community). */
export type FindingMealsFilter = SqlCondition;

/** Constant SQL about c: refused, and the report it rested on was taken back. It stands in the way of no later report. */
const FALLEN = "(c.state = 'refused' AND EXISTS (SELECT 1 FROM life_event w WHERE w.reverses_id = c.life_event_id))";

/** The day on which a meal (m) was eaten: one that came in late was booked on a later one. */
const EATEN_ON = 'COALESCE((SELECT l.meal_day FROM late_line l WHERE l.meal_id = m.id), m.business_day)';

/**
 * Meals that were posted for a day on which, as was learnt later, nobody could have eaten them. On the day of a death, a
 * move or a way to hospital a meal may have been eaten before; in a nursing home not even on the first day. Meals of records that were
 * merged into the person count; events that were taken back do not.
 */
const SOURCE = `FROM life_event e
  JOIN (SELECT id AS event_id, senior_id AS record_id FROM life_event
        UNION ALL SELECT x.id, g.senior_id FROM life_event x JOIN person_merge g ON g.into_senior_id = x.senior_id) rec ON rec.event_id = e.id
  JOIN meal m ON m.senior_id = rec.record_id
    AND ${EATEN_ON} >= DATE_ADD(e.from_day, INTERVAL (e.kind IN ('death', 'move-away', 'hospital')) DAY)
  JOIN senior s ON s.id = e.senior_id
  JOIN point p ON p.id = m.point_id
  LEFT JOIN senior_stay y ON y.id = e.id
  LEFT JOIN meal_reversal r ON r.meal_id = m.id
  LEFT JOIN claw_back c ON c.meal_id = m.id AND NOT ${FALLEN}
  WHERE e.kind IN ('death', 'move-away', 'nursing-home', 'hospital', 'category-end')
    AND NOT EXISTS (SELECT 1 FROM life_event v WHERE v.reverses_id = e.id)
    AND (COALESCE(y.to_day, e.to_day) IS NULL OR ${EATEN_ON} < COALESCE(y.to_day, e.to_day))
    AND (e.kind <> 'category-end' OR m.category_code = JSON_VALUE(e.detail, '$.code'))
    AND (r.meal_id IS NULL OR c.state = 'approved')
    AND (c.meal_id IS NULL OR c.life_event_id = e.id)`;

/** Meals that only a confirmed exception asked back. */
const OF_FINDINGS = `FROM claw_back c JOIN exception_finding f ON f.id = c.finding_id JOIN meal m ON m.id = c.meal_id JOIN point p ON p.id = m.point_id
  JOIN community k ON k.id = p.community_id LEFT JOIN senior s ON s.id = m.senior_id
  WHERE c.life_event_id IS NULL`;

/** What comes back: as proposed or booked; of a meal that was eaten all the same nothing is known before. */
const SUBSIDY = "COALESCE(c.subsidy_fen, IF(e.kind = 'category-end', 0, m.gross_fen - m.due_fen))";
const MEAL = (subsidy: string): string => `m.id AS mealId, m.senior_id AS seniorId, COALESCE(s.name, '') AS seniorName,
  ${EATEN_ON} AS day, m.period, m.channel, p.name AS pointName, m.gross_fen AS grossFen, m.due_fen AS dueFen, ${subsidy} AS subsidyFen,
  COALESCE(c.state, 'open') AS state, c.proposed_by AS proposedBy,
  (SELECT display_name FROM staff WHERE id = c.proposed_by) AS proposedByName,
  (SELECT display_name FROM staff WHERE id = c.decided_by) AS decidedByName, c.booked_on AS bookedOn, COALESCE(c.reason, '') AS reason`;
const COLUMNS = `${MEAL(SUBSIDY)}, e.id AS lifeEventId, e.kind AS eventKind, e.from_day AS eventFrom, c.finding_id AS findingId,
  (SELECT kind FROM exception_finding WHERE id = c.finding_id) AS findingKind`;
const FINDING_COLUMNS = `${MEAL('c.subsidy_fen')}, NULL AS lifeEventId, NULL AS eventKind, NULL AS eventFrom, c.finding_id AS findingId, f.kind AS findingKind`;

/** Meals after a life event, with what each payer bore: one event's, or every event's of a scope. */
@Injectable()
export class MealsAfterQuery {
  constructor(private readonly dataSource: DataSource, private readonly payerWords: PayerWords) {}

  /** @param staffId who reads: nobody decides on what they proposed themselves */
  async rows(
    filter: MealsAfterFilter, staffId: string, page: { size: number; offset: number }, tx: EntityManager = this.dataSource.manager, findings?: FindingMealsFilter,
  ): Promise<MealAfterRow[]> {
    const also = findings === undefined ? '' : `UNION ALL SELECT ${FINDING_COLUMNS} ${OF_FINDINGS} AND ${findings.sql}`;
    const rows = await tx.query<Row[]>(
      `SELECT * FROM (SELECT ${COLUMNS} ${SOURCE} AND ${filter.sql} ${also}) listed ORDER BY (state IN ('approved', 'refused')), day, mealId LIMIT ? OFFSET ?`,
      [...filter.params, ...(findings?.params ?? []), page.size, page.offset],
    );
    const payers = await this.payersOf(tx, rows.map((row) => row.mealId));
    return rows.map(({ proposedBy, findingKind, ...row }) => ({
      ...row, grossFen: Number(row.grossFen), dueFen: Number(row.dueFen), subsidyFen: Number(row.subsidyFen), payers: payers.get(row.mealId) ?? [],
      findingLabel: findingKind === null ? null : labelOf(findingKind),
      mayDecide: row.state === 'proposed' && proposedBy !== staffId,
    }));
  }

  async sum(filter: MealsAfterFilter, tx: EntityManager = this.dataSource.manager, findings?: FindingMealsFilter): Promise<MealsAfterSum> {
    const listed = `SELECT m.id, m.gross_fen, m.due_fen, ${SUBSIDY} AS subsidy_fen ${SOURCE} AND ${filter.sql}${findings === undefined ? '' : ` UNION ALL SELECT m.id, m.gross_fen, m.due_fen, c.subsidy_fen ${OF_FINDINGS} AND ${findings.sql}`}`;
    const params = [...filter.params, ...(findings?.params ?? [])];
    const [total] = await tx.query<{ meals: number; grossFen: number | null; dueFen: number | null; subsidyFen: number | null }[]>(
      `SELECT COUNT(*) AS meals, SUM(gross_fen) AS grossFen, SUM(due_fen) AS dueFen, SUM(subsidy_fen) AS subsidyFen FROM (${listed}) x`, params,
    );
    const payers = await tx.query<{ payerCode: string; amountFen: number }[]>(
      `SELECT q.payer_code AS payerCode, SUM(q.amount_fen) AS amountFen FROM meal_payer q
       JOIN (${listed}) x ON x.id = q.meal_id GROUP BY q.payer_code ORDER BY q.payer_code`, params,
    );
    const gross = Number(total?.grossFen ?? 0);
    const due = Number(total?.dueFen ?? 0);
    return {
      meals: Number(total?.meals ?? 0), grossFen: gross, dueFen: due, subsidyFen: Number(total?.subsidyFen ?? 0),
      payers: await this.named(tx, payers),
    };
  }

  /** The same sum for an event that is not recorded yet. `to` null: until today and beyond. */
  async sumFor(seniorId: string, days: { first: BusinessDay; to: BusinessDay | null; categoryCode: string | null }, tx: EntityManager = this.dataSource.manager): Promise<MealsAfterSum> {
    const where = `(m.senior_id = ? OR m.senior_id IN (SELECT senior_id FROM person_merge WHERE into_senior_id = ?)) AND ${EATEN_ON} >= ?
      AND (? IS NULL OR ${EATEN_ON} < ?) AND (? IS NULL OR m.category_code = ?) AND NOT EXISTS (SELECT 1 FROM meal_reversal r WHERE r.meal_id = m.id)`;
    const params = [seniorId, seniorId, days.first, days.to, days.to, days.categoryCode, days.categoryCode];
    const [total] = await tx.query<{ meals: number; grossFen: number | null; dueFen: number | null }[]>(
      `SELECT COUNT(*) AS meals, SUM(m.gross_fen) AS grossFen, SUM(m.due_fen) AS dueFen FROM meal m WHERE ${where}`, params,
    );
    const payers = await tx.query<{ payerCode: string; amountFen: number }[]>(
      `SELECT q.payer_code AS payerCode, SUM(q.amount_fen) AS amountFen FROM meal m JOIN meal_payer q ON q.meal_id = m.id WHERE ${where}
       GROUP BY q.payer_code ORDER BY q.payer_code`, params,
    );
    const gross = Number(total?.grossFen ?? 0);
    const due = Number(total?.dueFen ?? 0);
    return {
      meals: Number(total?.meals ?? 0), grossFen: gross, dueFen: due, subsidyFen: gross - due,
      payers: await this.named(tx, payers),
    };
  }

  private async payersOf(tx: EntityManager, mealIds: readonly string[]): Promise<Map<string, PayerSum[]>> {
    const payers = new Map<string, PayerSum[]>();
    if (mealIds.length === 0) return payers;
    const rows = await tx.query<{ mealId: string; payerCode: string; amountFen: number }[]>(
      `SELECT meal_id AS mealId, payer_code AS payerCode, SUM(amount_fen) AS amountFen FROM meal_payer WHERE meal_id IN (?)
       GROUP BY meal_id, payer_code ORDER BY payer_code`, [mealIds],
    );
    const wordsOf = await this.payerWords.read(tx);
    for (const { mealId, payerCode, amountFen } of rows) payers.set(mealId, [...(payers.get(mealId) ?? []), { payerCode, label: wordsOf(payerCode), amountFen: Number(amountFen) }]);
    return payers;
  }

  private async named(tx: EntityManager, payers: readonly { payerCode: string; amountFen: number }[]): Promise<PayerSum[]> {
    const wordsOf = await this.payerWords.read(tx);
    return payers.map(({ payerCode, amountFen }) => ({ payerCode, label: wordsOf(payerCode), amountFen: Number(amountFen) }));
  }
}

function labelOf(kind: string): { zh: string; en: string } {
  const known = (EXCEPTION_KINDS as Readonly<Record<string, { zh: string; en: string } | undefined>>)[kind];
  return { zh: known?.zh ?? kind, en: known?.en ?? kind };
}
