import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type {
  BillLine, DutyAct, EntitlementChange, EventDay, FaceRefusal, MealEvent, PointDay, StopEvent,
} from '../../domain/exceptions/index.js';
import { addDays, instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';

type MealRow = Omit<MealEvent, 'atMs' | 'recordedAtMs' | 'grossFen' | 'dueFen' | 'subsidyFen' | 'onPaper' | 'reversed'> & {
  at: Date; recordedAt: Date; grossFen: string | number; dueFen: string | number; subsidyFen: string | number; reversed: number;
};
type StopRow = Omit<StopEvent, 'signedAtMs' | 'signedPlace'> & { signedAt: Date | null };

/**
 * Reads one business day of a street as event rows: the batch in which a year is read. What no table holds yet (places of
 * signatures, turned-away faces, collectors) is left empty, and its checks stay silent.
 */
@Injectable()
export class EventDays {
  /** @param pointIds the points of the street, at least one */
  async read(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<EventDay> {
    return {
      day, meals: await this.meals(tx, pointIds, day), stops: await this.stops(tx, pointIds, day), billLines: this.billLines(), faceRefusals: this.faceRefusals(),
      pointDays: await this.pointDays(tx, pointIds, day), duties: await this.duties(tx, pointIds, day), changes: await this.changes(tx, pointIds, day),
    };
  }

  private async meals(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<MealEvent[]> {
    const rows = await tx.query<MealRow[]>(
      `SELECT m.id AS mealId, m.business_day AS day, m.period, m.channel, m.sold_at AS at, t.created_at AS recordedAt, m.point_id AS pointId,
              m.operator_id AS operatorId, m.senior_id AS seniorId, m.gross_fen AS grossFen, m.due_fen AS dueFen,
              (SELECT COALESCE(SUM(p.amount_fen), 0) FROM meal_payer p WHERE p.meal_id = m.id) AS subsidyFen, m.age_years AS ageYears,
              m.identified_by AS identifiedBy, JSON_VALUE(m.identification, '$.reason') AS manualReason, m.staff_id AS staffId, m.device_id AS deviceId,
              m.route_stop_id AS routeStopId, JSON_VALUE(m.identification, '$.collectorId') AS collectorId, r.meal_id IS NOT NULL AS reversed
       FROM meal m JOIN transfer t ON t.id = m.transfer_id LEFT JOIN meal_reversal r ON r.meal_id = m.id
       WHERE m.business_day = ? AND m.point_id IN (?)`,
      [day, pointIds],
    );
    return rows.map(({ at, recordedAt, ...row }) => ({
      ...row, atMs: at.getTime(), recordedAtMs: recordedAt.getTime(), grossFen: Number(row.grossFen), dueFen: Number(row.dueFen),
      subsidyFen: Number(row.subsidyFen), onPaper: row.identifiedBy === 'paper', reversed: Number(row.reversed) === 1,
    }));
  }

  private async stops(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<StopEvent[]> {
    const rows = await tx.query<StopRow[]>(
      `SELECT s.id AS stopId, s.route_trip_id AS tripId, t.crew_id AS crewId, c.operator_id AS operatorId, o.business_day AS day, o.period, o.point_id AS pointId,
              s.senior_id AS seniorId, s.result, s.received_by AS receivedBy, s.proof, s.device_at AS signedAt, s.meal_id AS mealId
       FROM meal_order o JOIN route_stop s ON s.meal_order_id = o.id JOIN route_trip t ON t.id = s.route_trip_id JOIN crew c ON c.id = t.crew_id
       WHERE o.business_day = ? AND o.point_id IN (?)`,
      [day, pointIds],
    );
    return rows.map(({ signedAt, ...row }) => ({ ...row, signedAtMs: signedAt?.getTime() ?? null, signedPlace: null }));
  }

  private billLines(): BillLine[] {
    return [];
  }

  private faceRefusals(): FaceRefusal[] {
    return [];
  }

  /** Portions accepted say that a point served. A day on which the whole street has none is from before portions were counted. */
  private async pointDays(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<PointDay[]> {
    const rows = await tx.query<{ pointId: string; accepted: string | number }[]>(
      'SELECT point_id AS pointId, SUM(accepted) AS accepted FROM portion_stock WHERE business_day = ? AND point_id IN (?) GROUP BY point_id', [day, pointIds],
    );
    const accepted = new Map(rows.map((row) => [row.pointId, Number(row.accepted)]));
    if (![...accepted.values()].some((portions) => portions > 0)) return [];
    return pointIds.map((pointId) => ({ pointId, open: (accepted.get(pointId) ?? 0) > 0, closedAtMs: null }));
  }

  private async duties(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<DutyAct[]> {
    const [from, to] = spanOf(day);
    return tx.query<DutyAct[]>(
      `SELECT l.id AS actId, 'load' AS actKind, l.point_id AS pointId, NULL AS seniorId, l.sealed_by AS performedBy, l.accepted_by AS verifiedBy
       FROM portion_load l WHERE l.business_day = ? AND l.point_id IN (?) AND l.sealed_by IS NOT NULL AND l.accepted_by IS NOT NULL
       UNION ALL
       SELECT c.id, 'special-senior', s.point_id, s.id, c.applied_by, c.street_decided_by
       FROM senior_category c JOIN senior s ON s.id = c.senior_id
       WHERE c.decided_at >= ? AND c.decided_at < ? AND s.point_id IN (?) AND c.applied_by IS NOT NULL AND c.street_decided_by IS NOT NULL
       UNION ALL
       SELECT c.id, 'special-senior', s.point_id, s.id, c.community_checked_by, c.street_decided_by
       FROM senior_category c JOIN senior s ON s.id = c.senior_id
       WHERE c.decided_at >= ? AND c.decided_at < ? AND s.point_id IN (?) AND c.community_checked_by IS NOT NULL AND c.street_decided_by IS NOT NULL`,
      [day, pointIds, from, to, pointIds, from, to, pointIds],
    );
  }

  private async changes(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<EntitlementChange[]> {
    const [from, to] = spanOf(day);
    return tx.query<EntitlementChange[]>(
      `SELECT c.id AS changeId, c.senior_id AS seniorId, s.point_id AS pointId, c.code, c.valid_from AS validFrom,
              COALESCE(c.street_decided_by, c.applied_by) AS recordedBy
       FROM senior_category c JOIN senior s ON s.id = c.senior_id
       WHERE c.status = 'approved' AND COALESCE(c.decided_at, c.created_at) >= ? AND COALESCE(c.decided_at, c.created_at) < ? AND s.point_id IN (?)`,
      [from, to, pointIds],
    );
  }
}

/** The instants between which a Shanghai day lies. */
function spanOf(day: BusinessDay): [Date, Date] {
  return [instantOf(day, 0), instantOf(addDays(day, 1), 0)];
}
