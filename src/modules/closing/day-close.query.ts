import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CloseMealsAnswer, CloseMealsQuery, DayCloseAnswer } from '../../contract/closing.js';
import { compareDay, portionDifference, type DayDifference } from '../../domain/closing/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { maskName } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnsentKiosks } from '../devices/index.js';
import { SiteDirectory } from '../sites/index.js';
import { DayCounts, digestOf, SOURCE_OF_MEAL, TENDER_OF_MEAL, type CountedDay } from './day-count.query.js';
import { DayFacts, type StoredClose } from './day-facts.query.js';

type Stray = Omit<DayCloseAnswer['strays'][number], 'at'> & { at: Date };
type MealRow = Omit<CloseMealsAnswer['meals'][number], 'soldAt' | 'dinerName' | 'isReversed'> & { soldAt: Date; name: string | null; sex: 'M' | 'F' | null; reversed: number };
const LONGEST_LIST = 300;
const DINERS_PART = "('wallet', 'donation', 'cash', 'qr', 'debt')";

/** The page of a day: three witnesses side by side, what differs, and the signatures. Read at one moment. */
@Injectable()
export class DayClosePage {
  constructor(
    private readonly dataSource: DataSource, private readonly sites: SiteDirectory, private readonly counts: DayCounts, private readonly facts: DayFacts,
    private readonly clock: Clock, private readonly kiosks: UnsentKiosks,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND */
  async of(pointId: PointId, day: BusinessDay): Promise<DayCloseAnswer> {
    const point = await this.sites.point(pointId);
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const counted = await this.counts.of(tx, pointId, day);
      const stored = await this.facts.stored(pointId, day, tx);
      const { setMeals, expectedCashFen, ...rest } = counted;
      return {
        pointId, pointName: point.name, day, asOf: this.clock.now().toISOString(), state: stored?.state ?? await this.facts.stateOf(pointId, day),
        digest: digestOf(pointId, day, counted),
        setMeals: setMeals.map((set) => ({ ...set, left: portionDifference(set) })), ...rest, sources: [...counted.sources], tenders: [...counted.tenders],
        expectedCashFen, tiers: await this.tiers(tx, pointId, day), ...await this.notes(tx, pointId, day),
        kiosksUnsent: (await this.kiosks.of(pointId, day, tx)).map(({ reportedAt, ...kiosk }) => ({ ...kiosk, reportedAt: reportedAt?.toISOString() ?? null })),
        differences: compareDay(counted).map(rowOf), strays: await this.strays(tx, pointId, day),
        close: stored === null ? null : closeOf(stored), root: storedRoot(stored) ?? await this.facts.lastRoot(tx),
      };
    });
  }

  /** The meals behind one figure of the page, newest first, at most 300. */
  async meals(pointId: PointId, day: BusinessDay, query: CloseMealsQuery): Promise<CloseMealsAnswer> {
    const where = ['m.point_id = ?', 'm.business_day = ?'];
    const params: unknown[] = [pointId, day];
    if (query.setMealId !== undefined) { where.push('m.set_meal_id = ?'); params.push(query.setMealId); }
    if (query.source !== undefined) { where.push(`${SOURCE_OF_MEAL} = ?`); params.push(query.source); }
    if (query.tender !== undefined) { where.push(`${TENDER_OF_MEAL} = ?`); params.push(query.tender); }
    const rows = await this.dataSource.query<MealRow[]>(
      `SELECT m.id AS mealId, m.sold_at AS soldAt, ${SOURCE_OF_MEAL} AS source, m.channel, s.name, s.sex, COALESCE(d.code, '') AS setCode,
         COALESCE(${TENDER_OF_MEAL}, '') AS tender, m.gross_fen AS grossFen, m.due_fen AS dueFen, v.meal_id IS NOT NULL AS reversed,
         (SELECT -SUM(e.amount_fen) FROM entry e JOIN account a ON a.id = e.account_id
          WHERE e.transfer_id = m.transfer_id AND a.kind IN ${DINERS_PART}) AS ledgerFen
       FROM meal m LEFT JOIN late_line l ON l.meal_id = m.id LEFT JOIN senior s ON s.id = m.senior_id LEFT JOIN set_meal d ON d.id = m.set_meal_id
       LEFT JOIN meal_reversal v ON v.meal_id = m.id WHERE ${where.join(' AND ')} ORDER BY m.sold_at DESC, m.id DESC LIMIT ?`, [...params, LONGEST_LIST],
    );
    return {
      meals: rows.map(({ soldAt, name, sex, reversed, ...row }) => ({
        ...row, soldAt: soldAt.toISOString(), dinerName: name !== null && sex !== null ? maskName(name, sex) : null, isReversed: Number(reversed) === 1,
        grossFen: Number(row.grossFen), dueFen: Number(row.dueFen), ledgerFen: row.ledgerFen === null ? null : Number(row.ledgerFen),
      })),
    };
  }

  private async tiers(tx: EntityManager, pointId: string, day: BusinessDay): Promise<DayCloseAnswer['tiers']> {
    const rows = await tx.query<DayCloseAnswer['tiers']>(
      `SELECT channel, ageTier, SUM(n) AS meals, SUM(gross) AS grossFen, SUM(due) AS dueFen FROM (
         SELECT channel, age_tier AS ageTier, 1 AS n, gross_fen AS gross, due_fen AS due FROM meal WHERE point_id = ? AND business_day = ?
         UNION ALL SELECT m.channel, m.age_tier, -1, -m.gross_fen, -m.due_fen FROM meal_reversal r JOIN meal m ON m.id = r.meal_id
           WHERE r.business_day = ? AND m.point_id = ?) line GROUP BY channel, ageTier ORDER BY channel, ageTier`, [pointId, day, day, pointId],
    );
    return rows.map((row) => ({ ...row, meals: Number(row.meals), grossFen: Number(row.grossFen), dueFen: Number(row.dueFen) }));
  }

  /** What is worth knowing and keeps no day open. */
  private async notes(tx: EntityManager, pointId: string, day: BusinessDay): Promise<{ unpostedStops: number; paperWaiting: number }> {
    const [row] = await tx.query<{ unpostedStops: number; paperWaiting: number }[]>(
      `SELECT (SELECT COUNT(*) FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id
          WHERE o.point_id = ? AND o.business_day = ? AND s.result = 'delivered' AND s.meal_id IS NULL) AS unpostedStops,
         (SELECT COUNT(*) FROM paper_line l JOIN paper_list p ON p.id = l.list_id
          WHERE p.point_id = ? AND p.business_day = ? AND l.outcome = 'waiting') AS paperWaiting`, [pointId, day, pointId, day],
    );
    return { unpostedStops: Number(row?.unpostedStops ?? 0), paperWaiting: Number(row?.paperWaiting ?? 0) };
  }

  /** Meals without their transfer, transfers without their meal, days or amounts that differ between both. */
  private async strays(tx: EntityManager, pointId: string, day: BusinessDay): Promise<DayCloseAnswer['strays']> {
    const rows = await tx.query<Stray[]>(
      `SELECT * FROM (
         SELECT m.id AS mealId, t.id AS transferId, m.due_fen AS mealFen,
           (SELECT -COALESCE(SUM(e.amount_fen), 0) FROM entry e JOIN account a ON a.id = e.account_id WHERE e.transfer_id = t.id AND a.kind IN ${DINERS_PART}
             AND (m.tender IS NULL OR a.kind = m.tender)) AS ledgerFen,
           CASE WHEN t.id IS NULL THEN 'no-transfer' WHEN t.business_day <> m.business_day OR t.point_id <> m.point_id THEN 'other-day' ELSE 'other-amount' END AS fault,
           m.sold_at AS at
         FROM meal m LEFT JOIN transfer t ON t.id = m.transfer_id AND t.kind = 'meal-sale' WHERE m.point_id = ? AND m.business_day = ?
         UNION ALL
         SELECT NULL, t.id, NULL, NULL, 'no-meal', t.created_at FROM transfer t LEFT JOIN meal m ON m.transfer_id = t.id
         WHERE t.business_day = ? AND t.point_id = ? AND t.kind = 'meal-sale' AND m.id IS NULL) stray
       WHERE fault <> 'other-amount' OR mealFen <> ledgerFen ORDER BY at LIMIT 50`, [pointId, day, day, pointId],
    );
    return rows.map((row) => ({
      ...row, at: row.at.toISOString(), mealFen: row.mealFen === null ? null : Number(row.mealFen), ledgerFen: row.ledgerFen === null ? null : Number(row.ledgerFen),
    }));
  }
}

/** A difference with every name it may carry. */
export function rowOf(difference: DayDifference): DayCloseAnswer['differences'][number] {
  return {
    kind: difference.kind, by: difference.by, setMealId: 'setMealId' in difference ? difference.setMealId : null,
    source: 'source' in difference ? difference.source : null, tender: 'tender' in difference ? difference.tender : null,
  };
}

function closeOf(stored: StoredClose): DayCloseAnswer['close'] {
  return {
    first: stored.firstBy === null ? null : { name: stored.firstName ?? '', at: stored.firstAt.toISOString() },
    second: stored.secondBy === null || stored.secondAt === null ? null : { name: stored.secondName ?? '', at: stored.secondAt.toISOString() },
    countedCashFen: Number(stored.countedCashFen), cashReason: stored.cashReason, openStops: stored.openStops, openStopsReason: stored.openStopsReason,
    kiosksUnsent: stored.kiosksUnsent, kiosksReason: stored.kiosksReason, kiosksSecondReason: stored.kiosksSecondReason,
  };
}

function storedRoot(stored: StoredClose | null): { day: BusinessDay; hash: string } | null {
  return stored?.rootDay && stored.rootHash !== null ? { day: stored.rootDay, hash: stored.rootHash } : null;
}

export type { CountedDay };
