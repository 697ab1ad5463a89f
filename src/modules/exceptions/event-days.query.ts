import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type {
  BillLine, EntitlementChange, EventDay, FaceRefusal, MealEvent, PointDay, StopEvent,
} from '../../domain/exceptions/index.js';
import { addDays, instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { mergesOf, personOf } from '../seniors/index.js';
import { dutiesOf } from './duties-of-day.query.js';

type MealRow = Omit<MealEvent, 'atMs' | 'recordedAtMs' | 'grossFen' | 'dueFen' | 'subsidyFen' | 'onPaper' | 'bookedLate' | 'reversed'> & {
  lateKind: string | null; at: Date; recordedAt: Date; grossFen: string | number; dueFen: string | number; subsidyFen: string | number; reversed: number;
};
type StopRow = Omit<StopEvent, 'signedAtMs' | 'signedPlace'> & { signedAt: Date | null; latitude: number | null; longitude: number | null; accuracyM: number | null };

/** Above this a place is too vague to be held against anybody, m. */
const VAGUE_M = 100;

/**
 * Reads one business day of a street as event rows: the batch in which a year is read. Two records of one person
 * are read as that person. A meal belongs to the day on which it was eaten, whenever it was booked.
 */
@Injectable()
export class EventDays {
  /** @param pointIds the points of the street, at least one */
  async read(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<EventDay> {
    return {
      day, meals: await this.meals(tx, pointIds, day), stops: await this.stops(tx, pointIds, day), billLines: await this.billLines(tx, pointIds, day), faceRefusals: await this.faceRefusals(tx, pointIds, day),
      pointDays: await this.pointDays(tx, pointIds, day), duties: await dutiesOf(tx, pointIds, day, spanOf(day)), changes: await this.changes(tx, pointIds, day),
    };
  }

  /** Meals eaten on the day: those of the day itself, and late lines of it that were booked since; none that was eaten before. */
  private async meals(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<MealEvent[]> {
    const rows = await tx.query<MealRow[]>(
      `SELECT m.id AS mealId, COALESCE(l.meal_day, m.business_day) AS day, m.period, m.channel, m.sold_at AS at, t.created_at AS recordedAt, m.point_id AS pointId,
              m.operator_id AS operatorId, ${personOf('m.senior_id')} AS seniorId, m.gross_fen AS grossFen, m.due_fen AS dueFen,
              (SELECT COALESCE(SUM(p.amount_fen), 0) FROM meal_payer p WHERE p.meal_id = m.id) AS subsidyFen, m.age_years AS ageYears, m.category_code AS categoryCode,
              m.identified_by AS identifiedBy, JSON_VALUE(m.identification, '$.reason') AS manualReason, m.staff_id AS staffId, m.device_id AS deviceId,
              m.route_stop_id AS routeStopId, JSON_VALUE(m.identification, '$.collectorId') AS collectorId, r.meal_id IS NOT NULL AS reversed,
              l.kind AS lateKind
       FROM (SELECT id FROM meal WHERE business_day = ? AND point_id IN (?)
             UNION SELECT meal_id FROM late_line WHERE state = 'booked' AND meal_day = ? AND point_id IN (?)) own
       JOIN meal m ON m.id = own.id JOIN transfer t ON t.id = m.transfer_id LEFT JOIN late_line l ON l.meal_id = m.id LEFT JOIN meal_reversal r ON r.meal_id = m.id ${mergesOf('m.senior_id')}
       WHERE COALESCE(l.meal_day, m.business_day) = ?`,
      [day, pointIds, day, pointIds, day],
    );
    // A late line, like a paper one, tells no time and no face; that of a kiosk carries what the kiosk saw.
    return rows.map(({ at, recordedAt, lateKind, ...row }) => ({
      ...row, atMs: at.getTime(), recordedAtMs: recordedAt.getTime(), grossFen: Number(row.grossFen), dueFen: Number(row.dueFen),
      subsidyFen: Number(row.subsidyFen), onPaper: row.identifiedBy === 'paper' || (lateKind !== null && lateKind !== 'kiosk'), bookedLate: lateKind !== null, reversed: Number(row.reversed) === 1,
    }));
  }

  private async stops(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<StopEvent[]> {
    const rows = await tx.query<StopRow[]>(
      `SELECT s.id AS stopId, s.route_trip_id AS tripId, t.crew_id AS crewId, c.operator_id AS operatorId, o.business_day AS day, o.period, o.point_id AS pointId,
              ${personOf('s.senior_id')} AS seniorId, s.result, s.received_by AS receivedBy, s.proof, s.device_at AS signedAt, s.meal_id AS mealId,
              s.place_latitude AS latitude, s.place_longitude AS longitude, s.place_accuracy_m AS accuracyM
       FROM meal_order o JOIN route_stop s ON s.meal_order_id = o.id JOIN route_trip t ON t.id = s.route_trip_id JOIN crew c ON c.id = t.crew_id ${mergesOf('s.senior_id')}
       WHERE o.business_day = ? AND o.point_id IN (?)`,
      [day, pointIds],
    );
    return rows.map(({ signedAt, latitude, longitude, accuracyM, ...row }) => ({
      ...row, signedAtMs: signedAt?.getTime() ?? null,
      // A phone that knows its place by half a street only proves nothing against a crew.
      signedPlace: latitude === null || longitude === null || Number(accuracyM) > VAGUE_M ? null : { latitude: Number(latitude), longitude: Number(longitude) },
    }));
  }

  /**
   * What contractors billed for the day, of operators whose crews set out from a place of the street. A line that names
   * nobody we know stands for itself, and so finds no stop.
   */
  private async billLines(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<BillLine[]> {
    const rows = await tx.query<(Omit<BillLine, 'amountFen'> & { amountFen: string })[]>(
      `SELECT l.id AS lineId, b.operator_id AS operatorId, COALESCE(o.point_id, MIN(w.depot_id)) AS pointId, COALESCE(${personOf('l.senior_id')}, CONCAT('line:', l.id)) AS seniorId,
              l.business_day AS day, COALESCE(o.period, 'lunch') AS period, l.billed_fen AS amountFen
       FROM contractor_bill_line l JOIN contractor_bill b ON b.id = l.bill_id
       JOIN crew w ON w.operator_id = b.operator_id AND w.depot_kind = 'point' AND w.depot_id IN (?)
       LEFT JOIN route_stop s ON s.id = l.route_stop_id LEFT JOIN meal_order o ON o.id = s.meal_order_id ${mergesOf('l.senior_id')}
       WHERE l.business_day = ? AND l.line_no IS NOT NULL AND (o.point_id IS NULL OR o.point_id IN (?)) GROUP BY l.id`,
      [pointIds, day, pointIds],
    );
    return rows.map((row) => ({ ...row, amountFen: Number(row.amountFen) }));
  }

  /** Faces that were not living or not new; a kiosk without network has told of its own later. */
  private async faceRefusals(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<FaceRefusal[]> {
    const [from, to] = spanOf(day);
    const rows = await tx.query<(Omit<FaceRefusal, 'atMs'> & { at: Date })[]>(
      `SELECT f.id AS refusalId, f.point_id AS pointId, ${personOf('s.id')} AS seniorId, f.at, f.cause
       FROM face_refusal f LEFT JOIN senior s ON s.person_code = f.person_code ${mergesOf('s.id')}
       WHERE f.at >= ? AND f.at < ? AND f.point_id IN (?)`, [from, to, pointIds],
    );
    return rows.map(({ at, ...row }) => ({ ...row, atMs: at.getTime() }));
  }

  /** What was signed for a day says whether a point served, otherwise the portions it accepted. A day on which the whole street has none is from before portions were counted. */
  private async pointDays(tx: EntityManager, pointIds: readonly string[], day: BusinessDay): Promise<PointDay[]> {
    const rows = await tx.query<{ pointId: string; accepted: string | number }[]>(
      'SELECT point_id AS pointId, SUM(accepted) AS accepted FROM portion_stock WHERE business_day = ? AND point_id IN (?) GROUP BY point_id', [day, pointIds],
    );
    const closes = await tx.query<{ pointId: string; state: string; closedAt: Date | null }[]>(
      'SELECT point_id AS pointId, state, second_at AS closedAt FROM point_day_close WHERE business_day = ? AND point_id IN (?)', [day, pointIds],
    );
    const accepted = new Map(rows.map((row) => [row.pointId, Number(row.accepted)]));
    const counted = [...accepted.values()].some((portions) => portions > 0);
    const closeOf = new Map(closes.map((close) => [close.pointId, close]));
    return pointIds.flatMap((pointId) => {
      const close = closeOf.get(pointId);
      if (close === undefined && !counted) return [];
      const open = close === undefined ? (accepted.get(pointId) ?? 0) > 0 : close.state !== 'no-service';
      return [{ pointId, open, closedAtMs: close?.state === 'closed' ? close.closedAt?.getTime() ?? null : null }];
    });
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
