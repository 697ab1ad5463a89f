import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { learnTimes, type TimedRide } from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { DepotDirectory, StreetRounds, type DepotSite } from '../sites/index.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';

/** A door of a trip as it was planned and as the crew's phone timed it. */
interface DoorRow {
  tripId: string; legPct: number; seniorId: string; doorAtS: number; climbS: number; doorS: number; learntS: number; windowStartS: number; result: string; deviceAt: Date | null;
  latitude: number; longitude: number;
}

/** Doors of one building after each other: the crew parks once. */
interface Halt { readonly rows: DoorRow[] }

/**
 * Once a day each depot learns from the hand-overs of the days before: what riding takes against the map, and which doors
 * take longer. What a plan had learnt already is taken off first. Only days that are over count, so that a plan made twice
 * on one day finds the same.
 */
@Injectable()
export class LearnFromCrews implements OnModuleInit {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly depots: DepotDirectory, private readonly settings: DeliverySettingsBook, private readonly clock: Clock,
    private readonly upkeep: Upkeep, private readonly rounds: StreetRounds,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'learnt-times', run: () => this.learn() });
  }

  /** @returns depots that have learnt anew */
  learn(): Promise<number> {
    return this.rounds.each(async (streetId) => {
      const { learnDays } = await this.settings.of(streetId);
      let learnt = 0;
      for (const depot of [...await this.depots.pointsOf(streetId), ...await this.depots.kitchensOf(streetId)]) {
        if (await this.unitOfWork.run((tx) => this.learnAt(tx, depot, learnDays))) learnt += 1;
      }
      return learnt;
    });
  }

  private async learnAt(tx: EntityManager, depot: DepotSite, learnDays: number): Promise<boolean> {
    const today = this.clock.today();
    const [known] = await tx.query<{ on: BusinessDay }[]>('SELECT learnt_on AS `on` FROM learnt_leg WHERE depot_id = ? FOR UPDATE', [depot.depotId]);
    if (learnDays === 0) {
      await this.forget(tx, depot.depotId);
      return known !== undefined;
    }
    if (known?.on === today) return false;
    const { legPct, legObservations, doors } = learnTimes(ridesOf(await this.rowsOf(tx, depot.depotId, addDays(today, -learnDays), today)));
    if (known === undefined && legObservations === 0 && doors.length === 0) return false;
    await this.forget(tx, depot.depotId);
    await tx.query('INSERT INTO learnt_leg (depot_id, leg_pct, observations, learnt_on, learnt_at) VALUES (?)', [[depot.depotId, legPct, legObservations, today, this.clock.now()]]);
    for (const { seniorId, extraS, spreadS, observations } of doors) {
      await tx.query('INSERT INTO learnt_door (depot_id, senior_id, extra_s, spread_s, observations) VALUES (?)', [[depot.depotId, seniorId, extraS, spreadS, observations]]);
    }
    return true;
  }

  private async forget(tx: EntityManager, depotId: string): Promise<void> {
    await tx.query('DELETE FROM learnt_leg WHERE depot_id = ?', [depotId]);
    await tx.query('DELETE FROM learnt_door WHERE depot_id = ?', [depotId]);
  }

  /** Doors of final plans that left, in the order they were planned; a trip that another crew took over is a trip of its own. */
  private async rowsOf(tx: EntityManager, depotId: string, from: BusinessDay, until: BusinessDay): Promise<DoorRow[]> {
    return tx.query<DoorRow[]>(
      `SELECT t.id AS tripId, t.leg_pct AS legPct, s.senior_id AS seniorId, s.door_at_s AS doorAtS, s.climb_s AS climbS, s.door_s AS doorS, s.learnt_s AS learntS,
         s.window_start_s AS windowStartS, s.result, s.device_at AS deviceAt, n.latitude, n.longitude
       FROM route_plan r JOIN route_trip t ON t.route_plan_id = r.id JOIN route_stop s ON s.route_trip_id = t.id JOIN senior n ON n.id = s.senior_id
       WHERE r.depot_id = ? AND r.business_day >= ? AND r.business_day < ? AND r.status = 'final' AND t.left_at IS NOT NULL ORDER BY t.id, s.seq, s.id`, [depotId, from, until],
    );
  }
}

/** Rides between halts that followed each other as planned, both handed over, nobody waiting for a window. */
export function ridesOf(rows: readonly DoorRow[]): TimedRide[] {
  const halts: Halt[] = [];
  for (const row of rows) {
    const last = halts.at(-1)?.rows.at(-1);
    if (last !== undefined && last.tripId === row.tripId && last.latitude === row.latitude && last.longitude === row.longitude) halts.at(-1)?.rows.push(row);
    else halts.push({ rows: [row] });
  }
  return halts.slice(1).flatMap((halt, index) => {
    const before = halts[index];
    return before === undefined ? [] : rideBetween(before.rows, halt.rows, rows);
  });
}

function rideBetween(before: readonly DoorRow[], here: readonly DoorRow[], all: readonly DoorRow[]): TimedRide[] {
  const first = here[0];
  const [start, end] = [before[0], before.at(-1)];
  if (first === undefined || start === undefined || end === undefined || first.tripId !== end.tripId) return [];
  // Several doors of a building say together how long they take, not each.
  const alone = new Set(here.map((row) => row.doorAtS)).size === 1;
  const handed = [...before, ...here].every((row) => row.result === 'delivered' && row.deviceAt !== null);
  if (!alone || !handed || first.doorAtS <= first.windowStartS) return [];
  const plannedS = first.doorAtS - first.climbS - leftAtS(start, end);
  const left = Math.max(...before.map((row) => row.deviceAt?.getTime() ?? 0));
  const came = Math.min(...here.map((row) => row.deviceAt?.getTime() ?? 0));
  // A crew that went elsewhere in between, or to the later door first, rode another way than the planned one.
  const between = all.some((row) => row.tripId === first.tripId && row.deviceAt !== null && row.deviceAt.getTime() > left && row.deviceAt.getTime() < came);
  if (between || came <= left) return [];
  // A hand-over is recorded with the box in other hands: down from the door before, the way, up to this door and over to the person.
  return [{ seniorId: first.seniorId, travelS: (plannedS * 100) / first.legPct, doorS: start.climbS + first.doorS - first.learntS, gapS: (came - left) / 1000 }];
}

/**
 * When a building was to be left. Doors that were planned together carry the time of the whole building each, which is
 * longer than from its first door to its last; doors of a plan in hand carry their own, one after the other.
 */
function leftAtS(start: DoorRow, end: DoorRow): number {
  return start.doorS === end.doorS && start.doorS > end.doorAtS - start.doorAtS ? start.doorAtS + start.doorS : end.doorAtS + end.doorS;
}
