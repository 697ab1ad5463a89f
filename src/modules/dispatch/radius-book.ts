import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../infra/clock/clock.js';
import { newId } from '../../infra/ids.js';
import type { PlanKey } from './plan-runs.js';

export type RadiusDecisionKind = 'other-depot' | 'kitchen' | 'kitchen-car' | 'own-depot' | 'listed';

/** What was decided for an order outside the home radius of its point. `byPerson` decisions are kept by later runs. */
export interface RadiusRecord {
  readonly orderId: string;
  readonly seniorId: string;
  readonly decision: RadiusDecisionKind;
  readonly depotKind: 'point' | 'kitchen' | null;
  readonly depotId: string | null;
  readonly travelS: number;
  readonly missingMin: number;
  readonly mustServe: boolean;
  readonly byPerson: boolean;
}

const COLUMNS = `meal_order_id AS orderId, senior_id AS seniorId, decision, depot_kind AS depotKind, depot_id AS depotId,
  travel_s AS travelS, missing_min AS missingMin, must_serve = 1 AS mustServe, decided_by IS NOT NULL AS byPerson`;

/** Radius decisions in the database. */
@Injectable()
export class RadiusBook {
  constructor(private readonly clock: Clock) {}

  /** The decisions about orders of a point. */
  async ofPoint(tx: EntityManager, key: PlanKey): Promise<RadiusRecord[]> {
    return flagged(await tx.query<RadiusRecord[]>(
      `SELECT ${COLUMNS} FROM radius_decision WHERE point_id = ? AND business_day = ? AND period = ? ORDER BY meal_order_id`,
      [key.depotId, key.day, key.period],
    ));
  }

  /** The orders of other points that were given to this depot. */
  async takenOver(tx: EntityManager, key: PlanKey): Promise<RadiusRecord[]> {
    return flagged(await tx.query<RadiusRecord[]>(
      `SELECT ${COLUMNS} FROM radius_decision WHERE depot_id = ? AND depot_kind = ? AND business_day = ? AND period = ? AND point_id <> ? ORDER BY meal_order_id`,
      [key.depotId, key.depotKind, key.day, key.period, key.depotId],
    ));
  }

  /** Replaces the automatic decisions about a point's orders; those of persons stay. */
  async replace(tx: EntityManager, key: PlanKey, records: readonly RadiusRecord[]): Promise<void> {
    await tx.query('DELETE FROM radius_decision WHERE point_id = ? AND business_day = ? AND period = ? AND decided_by IS NULL', [key.depotId, key.day, key.period]);
    for (const record of records.filter((one) => !one.byPerson)) {
      await tx.query(
        `INSERT INTO radius_decision (id, meal_order_id, senior_id, point_id, business_day, period, travel_s, missing_min, must_serve, decision, depot_kind, depot_id, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [newId(), record.orderId, record.seniorId, key.depotId, key.day, key.period, record.travelS, record.missingMin, record.mustServe ? 1 : 0,
          record.decision, record.depotKind, record.depotId, this.clock.now()],
      );
    }
  }

  /** A person put an order on a plan of this depot: later runs of this plan and of the order's own point keep it there. */
  async keepAt(
    tx: EntityManager, key: PlanKey, order: { orderId: string; seniorId: string; pointId: string; travelS: number; missingMin: number; mustServe: boolean }, staffId: string,
  ): Promise<void> {
    const decision: RadiusDecisionKind = order.pointId === key.depotId ? 'own-depot' : key.depotKind === 'kitchen' ? 'kitchen' : 'other-depot';
    const away = decision !== 'own-depot';
    await tx.query(
      `INSERT INTO radius_decision (id, meal_order_id, senior_id, point_id, business_day, period, travel_s, missing_min, must_serve, decision, depot_kind, depot_id, decided_by, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE decision = VALUES(decision), depot_kind = VALUES(depot_kind), depot_id = VALUES(depot_id), decided_by = VALUES(decided_by)`,
      [newId(), order.orderId, order.seniorId, order.pointId, key.day, key.period, order.travelS, order.missingMin, order.mustServe ? 1 : 0,
        decision, away ? key.depotKind : null, away ? key.depotId : null, staffId, this.clock.now()],
    );
  }

  /** Records what a person decided about an order that is listed outside. */
  async decide(tx: EntityManager, orderId: string, decision: RadiusDecisionKind, depot: { kind: 'point' | 'kitchen'; id: string } | null, staffId: string): Promise<void> {
    await tx.query(
      'UPDATE radius_decision SET decision = ?, depot_kind = ?, depot_id = ?, decided_by = ? WHERE meal_order_id = ?',
      [decision, depot?.kind ?? null, depot?.id ?? null, staffId, orderId],
    );
  }
}

function flagged(rows: RadiusRecord[]): RadiusRecord[] {
  return rows.map((row) => ({ ...row, mustServe: Number(row.mustServe) === 1, byPerson: Number(row.byPerson) === 1 }));
}
