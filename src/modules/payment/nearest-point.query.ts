import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KioskTodayAnswer } from '../../contract/kiosk.js';
import { minuteOfDay } from '../../domain/kernel/business-day.js';
import { straightDistanceM } from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { PointSite } from '../sites/index.js';

interface PointRow { name: string; communityName: string; phone: string; latitude: number; longitude: number }

/** Where a hungry person can go from here: the nearest other point of the street that serves now and has a portion left. */
@Injectable()
export class NearestPoint {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  /** @returns null where no other point could give them a meal */
  async of(site: PointSite): Promise<KioskTodayAnswer['nearestPoint']> {
    const [here] = await this.dataSource.query<{ latitude: number; longitude: number }[]>('SELECT latitude, longitude FROM point WHERE id = ?', [site.pointId]);
    const minute = minuteOfDay(this.clock.now());
    const open = await this.dataSource.query<PointRow[]>(
      `SELECT p.name, c.name AS communityName, p.phone, p.latitude, p.longitude
       FROM point p JOIN community c ON c.id = p.community_id JOIN meal_service v ON v.point_id = p.id AND v.start_min <= ? AND ? < v.end_min
       WHERE c.street_id = ? AND p.id <> ? AND EXISTS (
         SELECT 1 FROM portion_stock s WHERE s.point_id = p.id AND s.business_day = ? AND s.period = v.period AND s.served + s.collected + s.wasted < s.accepted)
       ORDER BY p.code`,
      [minute, minute, site.streetId, site.pointId, this.clock.today()],
    );
    if (here === undefined) return null;
    const [nearest] = open.map((point) => ({ ...point, distanceM: straightDistanceM(here, point) })).sort((a, b) => a.distanceM - b.distanceM);
    if (nearest === undefined) return null;
    const { name, communityName, phone, distanceM } = nearest;
    return { name, communityName, phone, distanceM: Math.round(distanceM) };
  }
}
