import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { TRAVEL_PROFILES, type RouteCrew, type TravelProfile } from '../../domain/routing/index.js';

export interface DepotCrew extends RouteCrew {
  readonly name: string;
  readonly depotKind: 'point' | 'kitchen';
  readonly depotId: string;
  /** Its cart takes no stairs. */
  readonly liftOnly: boolean;
}

interface CrewRow { id: string; name: string; depotKind: 'point' | 'kitchen'; depotId: string; vehicle: string; capacityBoxes: number; startMin: number; endMin: number }

/** Whoever can take stairs has this skill; a door above street level without a lift needs it. */
export const STAIRS = 'stairs';

/** Crews that may go out, by depot. */
@Injectable()
export class Crews {
  constructor(private readonly dataSource: DataSource) {}

  /** The active crews of these depots, in a fixed order; on a day also those lent to them, without those absent or lent away. */
  async of(depotIds: readonly string[], on: { day: BusinessDay; period: MealPeriod } | null = null, tx: EntityManager = this.dataSource.manager): Promise<DepotCrew[]> {
    if (depotIds.length === 0) return [];
    const away = "SELECT crew_id FROM crew_day WHERE business_day = ? AND period = ?";
    const rows = await tx.query<CrewRow[]>(
      `SELECT id, name, depot_kind AS depotKind, depot_id AS depotId, vehicle, capacity_boxes AS capacityBoxes,
         shift_start_min AS startMin, shift_end_min AS endMin FROM crew
       WHERE depot_id IN (?) AND active = 1 ${on === null ? '' : `AND id NOT IN (${away})`}
       ${on === null ? '' : `UNION SELECT c.id, c.name, d.depot_kind, d.depot_id, c.vehicle, c.capacity_boxes, c.shift_start_min, c.shift_end_min
         FROM crew_day d JOIN crew c ON c.id = d.crew_id WHERE d.business_day = ? AND d.period = ? AND d.state = 'lent' AND d.depot_id IN (?) AND c.active = 1`} ORDER BY id`,
      on === null ? [depotIds] : [depotIds, on.day, on.period, on.day, on.period, depotIds],
    );
    return this.withSkills(rows, tx);
  }

  /** Crews by id, also those that serve another depot, are off duty or go out for what they have claimed alone. */
  async named(crewIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<DepotCrew[]> {
    if (crewIds.length === 0) return [];
    return this.withSkills(await tx.query<CrewRow[]>(
      `SELECT id, name, depot_kind AS depotKind, depot_id AS depotId, vehicle, capacity_boxes AS capacityBoxes, shift_start_min AS startMin, shift_end_min AS endMin
       FROM crew WHERE id IN (?) ORDER BY id`, [crewIds],
    ), tx);
  }

  private async withSkills(rows: readonly CrewRow[], tx: EntityManager): Promise<DepotCrew[]> {
    const ids = rows.map((row) => row.id);
    const skills = await this.skillsOf(ids, tx);
    const breaks = await this.breaksOf(ids, tx);
    return rows.map((row) => {
      const known = skills.get(row.id) ?? [];
      return {
        id: row.id, name: row.name, depotKind: row.depotKind, depotId: row.depotId, profile: profileOf(row.vehicle), liftOnly: known.includes('lift-only'),
        capacityBoxes: row.capacityBoxes, shiftStartS: row.startMin * 60, shiftEndS: row.endMin * 60,
        skills: [...known.filter((skill) => skill !== 'lift-only'), ...(known.includes('lift-only') ? [] : [STAIRS])], breaks: breaks.get(row.id) ?? [],
      };
    });
  }

  private async skillsOf(crewIds: readonly string[], tx: EntityManager): Promise<Map<string, string[]>> {
    const rows = crewIds.length === 0 ? [] : await tx.query<{ crewId: string; skill: string }[]>(
      'SELECT crew_id AS crewId, skill FROM crew_skill WHERE crew_id IN (?) ORDER BY skill', [crewIds],
    );
    return grouped(rows, (row) => row.skill);
  }

  private async breaksOf(crewIds: readonly string[], tx: EntityManager): Promise<Map<string, { fromS: number; toS: number }[]>> {
    const rows = crewIds.length === 0 ? [] : await tx.query<{ crewId: string; fromMin: number; toMin: number }[]>(
      'SELECT crew_id AS crewId, from_min AS fromMin, to_min AS toMin FROM crew_break WHERE crew_id IN (?) ORDER BY from_min', [crewIds],
    );
    return grouped(rows, (row) => ({ fromS: row.fromMin * 60, toS: row.toMin * 60 }));
  }
}

function grouped<R extends { crewId: string }, T>(rows: readonly R[], value: (row: R) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(row.crewId, [...(groups.get(row.crewId) ?? []), value(row)]);
  return groups;
}

/** An electric bicycle moves like the tricycle; an unknown vehicle is not taken for a car. */
function profileOf(vehicle: string): TravelProfile {
  return TRAVEL_PROFILES.find((profile) => profile === vehicle) ?? 'tricycle';
}

const BY_SPEED: readonly TravelProfile[] = ['car', 'tricycle', 'foot'];

/** The quickest way these crews can go; by tricycle where there is no crew yet. */
export function quickestProfile(crews: readonly RouteCrew[]): TravelProfile {
  return BY_SPEED.find((profile) => crews.some((crew) => crew.profile === profile)) ?? 'tricycle';
}
