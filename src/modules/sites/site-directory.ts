import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { KitchenId, OperatorId, PointId } from '../../domain/kernel/ids.js';
import { newId } from '../../infra/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';

/** A meal point with what pricing, money and routing need to know of it. Coordinates are WGS-84. */
export interface PointSite {
  readonly pointId: PointId;
  readonly name: string;
  readonly phone: string;
  readonly kind: string;
  readonly openToPublic: boolean;
  readonly communityId: string;
  readonly streetId: string;
  /** Jurisdiction code of the street the point lies in. */
  readonly area: string;
  readonly kitchenId: KitchenId;
  readonly operatorId: OperatorId;
  readonly latitude: number;
  readonly longitude: number;
}

/** A meal period a point serves; minutes since midnight in Asia/Shanghai, half-open. */
export interface MealService {
  readonly period: MealPeriod;
  readonly startMin: number;
  readonly endMin: number;
  readonly cutoffDayOffset: number;
  readonly cutoffMin: number;
}

/** The door to streets, communities, points, operators and kitchens. */
@Injectable()
export class SiteDirectory {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws DomainError REQUEST.NOT_FOUND */
  async point(pointId: PointId, tx: EntityManager = this.dataSource.manager): Promise<PointSite> {
    const [row] = await tx.query<(Omit<PointSite, 'openToPublic'> & { openToPublic: number })[]>(
      `SELECT p.id AS pointId, p.name, p.phone, p.kind, p.open_to_public AS openToPublic, p.community_id AS communityId,
              s.id AS streetId, s.jurisdiction_code AS area, p.kitchen_id AS kitchenId, p.operator_id AS operatorId,
              p.latitude, p.longitude
       FROM point p JOIN community c ON c.id = p.community_id JOIN street s ON s.id = c.street_id
       WHERE p.id = ?`,
      [pointId],
    );
    if (row === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return { ...row, openToPublic: row.openToPublic === 1 };
  }

  /** The periods a point serves, in the order of the day. */
  async mealServices(pointId: PointId, tx: EntityManager = this.dataSource.manager): Promise<MealService[]> {
    return tx.query<MealService[]>(
      `SELECT period, start_min AS startMin, end_min AS endMin, cutoff_day_offset AS cutoffDayOffset, cutoff_min AS cutoffMin
       FROM meal_service WHERE point_id = ? ORDER BY start_min`,
      [pointId],
    );
  }

  /** The kind of the point's operator, which decides the legal limit of stored value. */
  async operatorKind(pointId: PointId, tx: EntityManager = this.dataSource.manager): Promise<string> {
    const [row] = await tx.query<{ kind: string }[]>(
      'SELECT o.kind FROM point p JOIN operator o ON o.id = p.operator_id WHERE p.id = ?', [pointId],
    );
    if (row === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return row.kind;
  }

  /** Opens a street in an installation that has none. @returns its id */
  async openStreet(street: { name: string; jurisdictionCode: string }, tx: EntityManager): Promise<string> {
    const id = newId();
    await tx.query('INSERT INTO street (id, name, jurisdiction_code) VALUES (?, ?, ?)', [id, street.name, street.jurisdictionCode]);
    return id;
  }
}
