import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { KitchenId, PointId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';

/** A place meals leave from. Coordinates are WGS-84. */
export interface DepotSite {
  readonly kind: 'point' | 'kitchen';
  readonly depotId: string;
  readonly code: string;
  readonly name: string;
  readonly phone: string;
  readonly streetId: string;
  /** The kitchen that cooks for it; its own id for a kitchen. */
  readonly kitchenId: KitchenId;
  readonly latitude: number;
  readonly longitude: number;
}

/** A period that a point serves, with the cut-off of its orders. Minutes since midnight in Asia/Shanghai. */
export interface PointService {
  readonly pointId: PointId;
  readonly period: MealPeriod;
  readonly startMin: number;
  readonly endMin: number;
  readonly cutoffDayOffset: number;
  readonly cutoffMin: number;
}

const SERVICE_SQL = `SELECT point_id AS pointId, period, start_min AS startMin, end_min AS endMin,
  cutoff_day_offset AS cutoffDayOffset, cutoff_min AS cutoffMin FROM meal_service`;

/** The door to depots, their meal services and the roads between them. */
@Injectable()
export class DepotDirectory {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws DomainError REQUEST.NOT_FOUND */
  async depot(kind: 'point' | 'kitchen', depotId: string, tx: EntityManager = this.dataSource.manager): Promise<DepotSite> {
    const found = (await this.select(tx, kind, 'x.id = ?', depotId))[0];
    if (found === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return found;
  }

  /** All points of a street in the order of their codes. */
  async pointsOf(streetId: string, tx: EntityManager = this.dataSource.manager): Promise<DepotSite[]> {
    return this.select(tx, 'point', 's.id = ?', streetId);
  }

  /** The kitchens of a street. */
  async kitchensOf(streetId: string, tx: EntityManager = this.dataSource.manager): Promise<DepotSite[]> {
    return this.select(tx, 'kitchen', 's.id = ?', streetId);
  }

  /** Every meal service of every point. */
  async services(tx: EntityManager = this.dataSource.manager): Promise<PointService[]> {
    return tx.query<PointService[]>(`${SERVICE_SQL} ORDER BY point_id, start_min`);
  }

  /**
   * The meal service of a point and period, its row locked until the transaction ends where `lock` says so: `share`
   * for those who add or cancel orders, `close` for the one who closes them, so that neither passes the other.
   *
   * @returns null where the point does not serve the period
   */
  async service(tx: EntityManager, pointId: string, period: MealPeriod, lock: 'none' | 'share' | 'close' = 'none'): Promise<PointService | null> {
    const locking = { none: '', share: ' LOCK IN SHARE MODE', close: ' FOR UPDATE' }[lock];
    const [row] = await tx.query<PointService[]>(`${SERVICE_SQL} WHERE point_id = ? AND period = ?${locking}`, [pointId, period]);
    return row ?? null;
  }

  /** The newest road graph of a street without its text: id and source; null where none was loaded. */
  async roadGraph(streetId: string): Promise<{ id: string; source: string } | null> {
    const [row] = await this.dataSource.query<{ id: string; source: string }[]>(
      'SELECT id, source FROM road_graph WHERE street_id = ? ORDER BY created_at DESC, id DESC LIMIT 1', [streetId],
    );
    return row ?? null;
  }

  /** The JSON text of a road graph as domain/routing reads it. @throws DomainError REQUEST.NOT_FOUND */
  async roadGraphText(graphId: string): Promise<string> {
    const [row] = await this.dataSource.query<{ graph: string }[]>('SELECT graph FROM road_graph WHERE id = ?', [graphId]);
    if (row === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return row.graph;
  }

  private select(tx: EntityManager, kind: 'point' | 'kitchen', where: string, parameter: string): Promise<DepotSite[]> {
    const sql = kind === 'point'
      ? `SELECT 'point' AS kind, x.id AS depotId, x.code, x.name, x.phone, s.id AS streetId, x.kitchen_id AS kitchenId, x.latitude, x.longitude
         FROM point x JOIN community c ON c.id = x.community_id JOIN street s ON s.id = c.street_id WHERE ${where} ORDER BY x.code`
      : `SELECT 'kitchen' AS kind, x.id AS depotId, '' AS code, x.name, '' AS phone, s.id AS streetId, x.id AS kitchenId, x.latitude, x.longitude
         FROM kitchen x JOIN street s ON s.id = x.street_id WHERE ${where} ORDER BY x.id`;
    return tx.query<DepotSite[]>(sql, [parameter]);
  }
}
