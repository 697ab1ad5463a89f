import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PlannedTripRow } from '../../contract/dispatch.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { parseJson } from '../../infra/database/columns.js';
import { SeniorHomes, type SeniorHome } from '../seniors/index.js';
import { swappedTo } from './box-swaps.js';
import { mustServe } from './delivery-doors.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';

export interface TripRow {
  readonly id: string; readonly planId: string; readonly crewId: string; readonly crewName: string; readonly byHand: number; readonly tripNo: number;
  readonly departS: number; readonly lastDoorS: number; readonly backS: number; readonly boxes: number; readonly distanceM: number;
  readonly leftAt: Date | null; readonly closedAt: Date | null; readonly frozenAt: Date | null; readonly revision: number; readonly printedRevision: number; readonly depotKind: 'point' | 'kitchen'; readonly depotId: string;
  readonly day: BusinessDay; readonly period: string; readonly status: 'draft' | 'final';
}

export interface StopRow {
  readonly id: string; readonly tripId: string; readonly seq: number; readonly orderId: string; readonly seniorId: string; readonly setCode: string;
  readonly setName: string | null; readonly setDietTags: readonly string[]; readonly doorAtS: number; readonly windowStartS: number; readonly windowEndS: number;
  readonly result: PlannedTripRow['stops'][number]['result']; readonly reason: string | null; readonly receivedBy: string | null; readonly proof: string | null;
  readonly resultAt: Date | null; readonly photoId: string | null; readonly photoStored: number | string; readonly swappedTo: string | null;
}

export interface TripWithStops { readonly trip: TripRow; readonly stops: readonly (StopRow & { home: SeniorHome })[] }

const TRIP_SQL = `SELECT t.id, t.route_plan_id AS planId, t.crew_id AS crewId, c.name AS crewName, c.kind = 'by-hand' AS byHand, t.trip_no AS tripNo, t.depart_s AS departS,
    t.last_door_s AS lastDoorS, t.back_s AS backS, t.boxes, t.distance_m AS distanceM, t.left_at AS leftAt, t.closed_at AS closedAt, t.frozen_at AS frozenAt, t.revision, t.printed_revision AS printedRevision,
    r.depot_kind AS depotKind, r.depot_id AS depotId, r.business_day AS day, r.period, r.status
  FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id JOIN crew c ON c.id = t.crew_id`;

/** Trips with their stops and homes: the one reading from which sheets, the crew's page and the plan page are made. */
@Injectable()
export class TripRows {
  constructor(private readonly dataSource: DataSource, private readonly homes: SeniorHomes) {}

  async ofPlan(planId: string): Promise<TripWithStops[]> {
    return this.withStops(await this.dataSource.query<TripRow[]>(`${TRIP_SQL} WHERE t.route_plan_id = ? ORDER BY t.depart_s, c.name`, [planId]));
  }

  /** The trips of a crew on a day, and those since `from` that left and are not closed. Drafts left out: a crew rides what is final. */
  async ofCrew(crewId: string, from: BusinessDay, day: BusinessDay): Promise<TripWithStops[]> {
    return this.withStops(await this.dataSource.query<TripRow[]>(
      `${TRIP_SQL} WHERE t.crew_id = ? AND r.status = 'final'
         AND (r.business_day = ? OR (r.business_day >= ? AND r.business_day < ? AND t.left_at IS NOT NULL AND t.closed_at IS NULL))
       ORDER BY r.business_day, t.depart_s`, [crewId, day, from, day],
    ));
  }

  private async withStops(trips: TripRow[]): Promise<TripWithStops[]> {
    if (trips.length === 0) return [];
    const rows = await this.dataSource.query<(Omit<StopRow, 'setDietTags'> & { dietTags: unknown })[]>(
      `SELECT s.id, s.route_trip_id AS tripId, s.seq, s.meal_order_id AS orderId, s.senior_id AS seniorId, o.set_code AS setCode,
         m.name AS setName, m.diet_tags AS dietTags, s.door_at_s AS doorAtS, s.window_start_s AS windowStartS, s.window_end_s AS windowEndS,
         s.result, s.reason, s.received_by AS receivedBy, s.proof, s.result_at AS resultAt, s.photo_id AS photoId,
         EXISTS (SELECT 1 FROM stop_photo f WHERE f.route_stop_id = s.id) AS photoStored,
         ${swappedTo('s.id')} AS swappedTo
       FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id JOIN point p ON p.id = o.point_id
       LEFT JOIN set_meal m ON m.kitchen_id = p.kitchen_id AND m.business_day = o.business_day AND m.period = o.period AND m.code = o.set_code
       WHERE s.route_trip_id IN (?) ORDER BY s.route_trip_id, s.seq, s.id`,
      [trips.map((trip) => trip.id)],
    );
    const homes = await this.homes.on(trips[0].day, rows.map((row) => row.seniorId));
    return trips.map((trip) => ({
      trip,
      stops: rows.filter((row) => row.tripId === trip.id).flatMap(({ dietTags, ...row }) => {
        const home = homes.get(row.seniorId);
        return home === undefined ? [] : [{ ...row, setDietTags: dietTags === null ? [] : parseJson<string[]>(dietTags), home }];
      }),
    }));
  }
}

/** A trip as the plan page shows it. */
export function plannedTripRow({ trip, stops }: TripWithStops, settings: Awaited<ReturnType<DeliverySettingsBook['of']>>): PlannedTripRow {
  return {
    id: trip.id, tripNo: trip.tripNo, crewId: trip.crewId, crewName: trip.crewName, departS: trip.departS, lastDoorS: trip.lastDoorS, backS: trip.backS,
    boxes: trip.boxes, distanceM: trip.distanceM, leftAt: trip.leftAt?.toISOString() ?? null, closedAt: trip.closedAt?.toISOString() ?? null,
    frozen: trip.frozenAt !== null, byHand: trip.byHand === 1, revision: trip.revision, printedRevision: trip.printedRevision,
    stops: stops.map((stop) => ({
      id: stop.id, seq: stop.seq, orderId: stop.orderId, seniorId: stop.seniorId, seniorName: stop.home.name, ageYears: stop.home.ageYears,
      mustServe: mustServe(stop.home, settings), setCode: stop.setCode, doorAtS: stop.doorAtS, windowStartS: stop.windowStartS, windowEndS: stop.windowEndS,
      floor: stop.home.floor, hasLift: stop.home.hasLift, diets: [...stop.home.diets], result: stop.result, reason: stop.reason,
      resultAt: stop.resultAt?.toISOString() ?? null,
    })),
  };
}
