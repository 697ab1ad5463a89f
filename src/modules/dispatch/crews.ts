import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { TRAVEL_PROFILES, type RouteCrew, type TravelProfile } from '../../domain/routing/index.js';

export interface DepotCrew extends RouteCrew {
  readonly name: string;
  readonly depotKind: 'point' | 'kitchen';
  readonly depotId: string;
}

interface CrewRow { id: string; name: string; depotKind: 'point' | 'kitchen'; depotId: string; vehicle: string; capacityBoxes: number; startMin: number; endMin: number }

/** Crews that may go out, by depot. */
@Injectable()
export class Crews {
  constructor(private readonly dataSource: DataSource) {}

  /** The active crews of these depots, in a fixed order. */
  async of(depotIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<DepotCrew[]> {
    if (depotIds.length === 0) return [];
    const rows = await tx.query<CrewRow[]>(
      `SELECT id, name, depot_kind AS depotKind, depot_id AS depotId, vehicle, capacity_boxes AS capacityBoxes,
         shift_start_min AS startMin, shift_end_min AS endMin FROM crew WHERE depot_id IN (?) AND active = 1 ORDER BY id`,
      [depotIds],
    );
    return rows.map((row) => ({
      id: row.id, name: row.name, depotKind: row.depotKind, depotId: row.depotId, profile: profileOf(row.vehicle),
      capacityBoxes: row.capacityBoxes, shiftStartS: row.startMin * 60, shiftEndS: row.endMin * 60,
    }));
  }
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
