import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SHARE_DAYS, type DeviceSharesAnswer } from '../../contract/device-shares.js';
import { addDays, instantOf } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';

/**
 * How each machine knew its diners over the last weeks: one whose camera looks into the sun stands between two good ones
 * of its point and is seen here alone, since the exceptions watch the point as a whole.
 */
@Injectable()
export class DeviceSharesQuery {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async run(staff: StaffIdentity): Promise<DeviceSharesAnswer> {
    const toDay = this.clock.today();
    const fromDay = addDays(toDay, 1 - SHARE_DAYS);
    const scope = scopeFilter(staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
    const meals = await this.dataSource.query<{ deviceId: string; identifiedBy: string; meals: string | number }[]>(
      `SELECT m.device_id AS deviceId, m.identified_by AS identifiedBy, COUNT(*) AS meals
       FROM point p JOIN community c ON c.id = p.community_id JOIN meal m ON m.point_id = p.id AND m.business_day BETWEEN ? AND ? AND m.device_id IS NOT NULL
       WHERE ${scope.sql} GROUP BY m.device_id, m.identified_by ORDER BY m.device_id, meals DESC, m.identified_by`, [fromDay, toDay, ...scope.params],
    );
    const calls = await this.dataSource.query<{ deviceId: string; calls: string | number }[]>(
      `SELECT h.device_id AS deviceId, COUNT(*) AS calls FROM help_call h JOIN point p ON p.id = h.point_id JOIN community c ON c.id = p.community_id
       WHERE h.called_at >= ? AND ${scope.sql} GROUP BY h.device_id`, [instantOf(fromDay, 0), ...scope.params],
    );
    const callsOf = new Map(calls.map((row) => [row.deviceId, Number(row.calls)]));
    const devices = [...new Set([...meals.map((row) => row.deviceId), ...callsOf.keys()])];
    return {
      fromDay, toDay,
      devices: devices.map((deviceId) => ({
        deviceId, helpCalls: callsOf.get(deviceId) ?? 0,
        ways: meals.filter((row) => row.deviceId === deviceId).map((row) => ({ identifiedBy: row.identifiedBy, meals: Number(row.meals) })),
      })),
    };
  }
}
