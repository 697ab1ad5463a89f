import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PhotoListAnswer, PhotoListQuery, PhotoRow } from '../../contract/photos.js';
import { addDays, businessDayOf } from '../../domain/kernel/business-day.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { DepotDirectory, PointScope } from '../sites/index.js';

interface Row extends Omit<PhotoRow, 'dinerName' | 'state' | 'deviceAt' | 'storedAt' | 'metresFromDoor' | 'goneOn' | 'looks' | 'lastLook'> {
  name: string; sex: Sex; deviceAt: Date | null; storedAt: Date | null; purgedAt: Date | null; metres: string | number | null; held: number | string;
  looks: string | number; lookedAt: Date | null; lookedBy: string | null; lookReason: string | null;
}

/** A delivery that waits for a person to judge it: its photo is evidence until then. Constant SQL about s (stop). */
export const UNDER_REVIEW = `(s.reason <=> 'pattern-review' AND s.meal_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM unposted_stop u WHERE u.route_stop_id = s.id AND u.state IN ('given-free', 'posted', 'rejected')))`;

const FROM = `FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN meal_order o ON o.id = s.meal_order_id JOIN point p ON p.id = o.point_id
  JOIN senior x ON x.id = s.senior_id JOIN crew c ON c.id = t.crew_id
  LEFT JOIN stop_photo f ON f.id = (SELECT g.id FROM stop_photo g WHERE g.route_stop_id = s.id ORDER BY g.device_at DESC, g.id DESC LIMIT 1)
  LEFT JOIN stop_photo_look l ON l.id = (SELECT k.id FROM stop_photo_look k WHERE k.route_stop_id = s.id ORDER BY k.looked_at DESC, k.id DESC LIMIT 1)
  LEFT JOIN staff w ON w.id = l.looked_by`;
const STATE_SQL: Readonly<Record<PhotoListQuery['state'], string>> = {
  stored: 'f.id IS NOT NULL AND f.purged_at IS NULL', awaited: 'f.id IS NULL AND s.photo_id IS NOT NULL', gone: 'f.purged_at IS NOT NULL', all: '(f.id IS NOT NULL OR s.photo_id IS NOT NULL)',
};

/** Doors with a photo, newest day first: never the picture itself, which is looked at one by one with a reason. */
@Injectable()
export class PhotoList {
  constructor(
    private readonly dataSource: DataSource, private readonly points: PointScope, private readonly depots: DepotDirectory, private readonly settings: DeliverySettingsBook,
    private readonly clock: Clock,
  ) {}

  async list(query: PhotoListQuery, staff: StaffIdentity): Promise<PhotoListAnswer> {
    const asOf = this.clock.now().toISOString();
    const points = await this.points.narrowed(staff, query.pointId);
    const [first] = points;
    if (first === undefined) return { rows: [], total: 0, keepDays: 0, asOf };
    const { photoKeepDays: keepDays } = await this.settings.of((await this.depots.depot('point', first)).streetId);
    const { sql, values } = conditionsOf(query, points);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT s.id AS stopId, o.business_day AS day, o.period, p.name AS pointName, c.name AS crewName, t.trip_no AS tripNo, x.name, x.sex, s.received_by AS receivedBy,
         f.device_at AS deviceAt, f.stored_at AS storedAt, f.purged_at AS purgedAt, ${UNDER_REVIEW} AS held,
         ST_Distance_Sphere(POINT(s.place_longitude, s.place_latitude), POINT(x.longitude, x.latitude)) AS metres,
         (SELECT COUNT(*) FROM stop_photo_look k WHERE k.route_stop_id = s.id) AS looks, l.looked_at AS lookedAt, l.reason AS lookReason, w.display_name AS lookedBy
       ${FROM} WHERE ${sql} ORDER BY o.business_day DESC, p.code, f.device_at, s.id LIMIT ? OFFSET ?`,
      [...values, query.size, (query.page - 1) * query.size],
    );
    const [count] = await this.dataSource.query<{ n: string | number }[]>(`SELECT COUNT(*) AS n ${FROM} WHERE ${sql}`, values);
    return { rows: rows.map((row) => rowOf(row, keepDays)), total: Number(count?.n ?? 0), keepDays, asOf };
  }
}

function conditionsOf(query: PhotoListQuery, points: readonly string[]): { sql: string; values: unknown[] } {
  const conditions = [STATE_SQL[query.state], 'o.point_id IN (?)'];
  const values: unknown[] = [points];
  const literal = query.search?.replace(/[\\%_]/g, (character) => `\\${character}`) ?? '';
  for (const [condition, ...given] of [['o.business_day >= ?', query.from], ['o.business_day <= ?', query.to]] as const) {
    if (given[0] === undefined) continue;
    conditions.push(condition);
    values.push(given[0]);
  }
  if (literal !== '') {
    conditions.push('(x.name LIKE ? OR x.name_initials LIKE ?)');
    values.push(`%${literal}%`, `${literal.toLowerCase()}%`);
  }
  return { sql: conditions.join(' AND '), values };
}

function rowOf({ name, sex, deviceAt, storedAt, purgedAt, metres, held, looks, lookedAt, lookedBy, lookReason, ...row }: Row, keepDays: number): PhotoRow {
  const state = storedAt === null ? 'awaited' as const : purgedAt === null ? 'stored' as const : 'gone' as const;
  const goneOn = purgedAt !== null ? businessDayOf(purgedAt) : storedAt === null || Number(held) === 1 ? null : addDays(businessDayOf(storedAt), keepDays);
  return {
    ...row, state, goneOn, dinerName: maskName(name, sex), deviceAt: deviceAt?.toISOString() ?? null, storedAt: storedAt?.toISOString() ?? null,
    metresFromDoor: metres === null ? null : Math.round(Number(metres)), looks: Number(looks),
    lastLook: lookedAt === null ? null : { by: lookedBy ?? '', at: lookedAt.toISOString(), reason: lookReason ?? '' },
  };
}
