import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { Notices } from '../notices/index.js';
import { DepotDirectory } from '../sites/index.js';

/** Orders that a storm turns from collected into delivered, and back; each diner is told. Price, subsidy and cut-off stay what they are. */
@Injectable()
export class StormOrders {
  constructor(private readonly depots: DepotDirectory, private readonly notices: Notices, private readonly clock: Clock) {}

  /** Turns what is to be collected at a point under a standing storm decision. @returns the seniors whose meal is brought now */
  async turn(tx: EntityManager, at: { pointId: string; day: BusinessDay; period: MealPeriod }): Promise<string[]> {
    const [storm] = await tx.query<{ id: string }[]>(
      'SELECT storm_id AS id FROM storm_point WHERE point_id = ? AND business_day = ? AND period = ? AND standing = 1', [at.pointId, at.day, at.period],
    );
    if (storm === undefined) return [];
    const orders = await tx.query<{ id: string; seniorId: string }[]>(
      `SELECT id, senior_id AS seniorId FROM meal_order WHERE point_id = ? AND business_day = ? AND period = ? AND active = 1 AND status = 'ordered' AND fulfilment = 'collect'
       ORDER BY id FOR UPDATE`, [at.pointId, at.day, at.period],
    );
    const phone = orders.length === 0 ? '' : (await this.depots.depot('point', at.pointId, tx)).phone;
    for (const order of orders) {
      await tx.query("UPDATE meal_order SET fulfilment = 'delivery' WHERE id = ?", [order.id]);
      await tx.query(
        'INSERT INTO storm_order (meal_order_id, storm_id, turned_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE storm_id = VALUES(storm_id), turned_at = VALUES(turned_at), turned_back_at = NULL',
        [order.id, storm.id, this.clock.now()],
      );
      await this.notices.request(tx, {
        kind: 'storm-delivery', recipientKind: 'senior', recipientId: order.seniorId, facts: { day: at.day, phone }, dedupKey: `storm-${storm.id.slice(-12)}-${order.seniorId}`,
      });
    }
    return orders.map((order) => order.seniorId);
  }

  /** Turns back what no crew has left with, nor holds fast: that is brought all the same, so its diner is told nothing else. @returns orders that are collected again */
  async turnBack(tx: EntityManager, stormId: string): Promise<number> {
    const orders = await tx.query<{ id: string; seniorId: string; pointId: string; day: BusinessDay }[]>(
      `SELECT o.id, o.senior_id AS seniorId, o.point_id AS pointId, o.business_day AS day
       FROM storm_order x JOIN meal_order o ON o.id = x.meal_order_id LEFT JOIN route_stop s ON s.meal_order_id = o.id LEFT JOIN route_trip t ON t.id = s.route_trip_id
       WHERE x.storm_id = ? AND x.turned_back_at IS NULL AND o.active = 1 AND o.status = 'ordered' AND t.left_at IS NULL AND t.frozen_at IS NULL AND COALESCE(s.result, 'open') = 'open' FOR UPDATE`, [stormId],
    );
    const phones = new Map<string, string>();
    for (const { id, seniorId, pointId, day } of orders) {
      await tx.query("UPDATE meal_order SET fulfilment = 'collect' WHERE id = ?", [id]);
      await tx.query('UPDATE storm_order SET turned_back_at = ? WHERE meal_order_id = ?', [this.clock.now(), id]);
      const phone = phones.get(pointId) ?? (await this.depots.depot('point', pointId, tx)).phone;
      phones.set(pointId, phone);
      await this.notices.request(tx, {
        kind: 'storm-undone', recipientKind: 'senior', recipientId: seniorId, facts: { day, phone }, dedupKey: `storm-undone-${stormId.slice(-12)}-${seniorId}`,
      });
    }
    return orders.length;
  }
}
