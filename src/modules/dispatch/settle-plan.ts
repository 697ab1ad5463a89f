import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { consequencesOf, retime, type TimedTrip } from '../../domain/routing/index.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { HeldPlanStore, isTimedAnew } from './held-plan-store.js';
import { PlanInHand, type HeldPlan } from './plan-in-hand.js';
import { placeDoors } from './place-doors.js';
import type { PlanKey } from './plan-runs.js';

/** Brings a plan that crews ride already in step with its orders: new ones are put in, cancelled ones taken out, nothing else moves further than it must. */
@Injectable()
export class SettlePlan {
  constructor(private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly inHand: PlanInHand, private readonly store: HeldPlanStore) {}

  /** @param orderIds the orders the depot carries now. @param final the cut-off has passed: a draft changed by hand is final from now on. @returns whether anything changed, doors that found no place, and doors that become late by new times */
  async execute(key: PlanKey, orderIds: readonly string[], final: boolean): Promise<{ changed: boolean; left: number; late: number }> {
    const [plan] = await this.dataSource.query<{ id: string }[]>('SELECT id FROM route_plan WHERE depot_id = ? AND business_day = ? AND period = ?', [key.depotId, key.day, key.period]);
    if (plan === undefined) return { changed: false, left: 0, late: 0 };
    const closed = final && await this.unitOfWork.run((tx) => this.store.finalise(tx, plan.id));
    const wanted = new Set(orderIds);
    const held = await this.inHand.read(plan.id, { more: orderIds, wanted });
    const isWanted = (id: string): boolean => held.doors.get(id)?.orders.some((order) => wanted.has(order.orderId)) ?? false;
    const riding = new Set(held.trips.flatMap((trip) => trip.stopIds));
    const serving = new Set(held.crews.filter((crew) => held.problem.crews.some((one) => one.id === crew.id)).map((crew) => crew.id));
    const absent = new Set((await this.dataSource.query<{ id: string }[]>(
      `SELECT crew_id AS id FROM crew_day WHERE business_day = ? AND period = ? AND (state = ? OR depot_id <> ?)
       UNION SELECT id FROM crew WHERE active = 0 AND kind <> 'volunteer'
       UNION SELECT c.id FROM crew c WHERE c.depot_id <> ? AND c.kind <> 'volunteer'
         AND NOT EXISTS (SELECT 1 FROM crew_day d WHERE d.crew_id = c.id AND d.business_day = ? AND d.period = ? AND d.depot_id = ?)`,
      [key.day, key.period, 'absent', key.depotId, key.depotId, key.day, key.period, key.depotId],
    )).map((row) => row.id));
    const standing = held.trips.map((trip) => trip.fixed ? trip : {
      ...trip, stopIds: absent.has(trip.crewId) || !serving.has(trip.crewId) ? [] : trip.stopIds.filter(isWanted),
    });
    const placed = new Set(standing.flatMap((trip) => trip.stopIds));
    const open = [...held.doors.keys()].filter((id) => !placed.has(id) && isWanted(id));
    const gone = [...riding].filter((id) => !placed.has(id) && !open.includes(id));
    const placement = placeDoors(held, held.problem.crews.filter((crew) => !absent.has(crew.id) && !held.outside.has(crew.id)), standing, open);
    const trips = retime(placement.held.problem, placement.trips, held.nowS);
    // Where ways or doors take another time now (a blocked road, another map), the pages say so, and who becomes late by it is told of.
    const timedAnew = trips.filter((trip) => !trip.fixed && isTimedAnew(held, trip));
    if (open.length === 0 && gone.length === 0 && timedAnew.length === 0) return { changed: closed, left: 0, late: 0 };
    const late = lateIn(placement.held, trips).filter((id) => !wasLate(held, id)).length;
    const written = await this.unitOfWork.run((tx) => this.store.write(tx, placement.held, {
      kind: 're-plan', trips, left: placement.left, staffId: null, detail: { added: open.length - placement.left.length, left: placement.left.length, gone: gone.length },
    }));
    const known = new Set(held.unplanned);
    const left = placement.left.filter((id) => held.doors.get(id)?.orders.some((order) => !known.has(order.orderId)) ?? false);
    return { changed: closed || written > 0 || left.length > 0, left: left.length, late };
  }
}

function lateIn(held: HeldPlan, trips: readonly TimedTrip[]): string[] {
  const { late, stale } = consequencesOf(held.problem, trips);
  return [...new Set([...late, ...stale])];
}

/** Late as the pages say it already. */
function wasLate(held: HeldPlan, id: string): boolean {
  const trip = held.trips.find((one) => one.stopIds.includes(id));
  const [stop, doorAtS] = [held.doors.get(id)?.stop, held.doorAtS.get(id)];
  return trip !== undefined && stop !== undefined && doorAtS !== undefined && (doorAtS > stop.windowEndS || doorAtS - trip.departS > stop.freshnessS);
}
