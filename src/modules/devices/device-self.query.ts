import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeviceSelfAnswer } from '../../contract/device-place.js';
import { Clock } from '../../infra/clock/clock.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { DevicePlaces } from './device-places.js';

/** How a device stands here, told to itself: what it shows while it waits, and that it no longer does. */
@Injectable()
export class DeviceSelfQuery {
  constructor(private readonly dataSource: DataSource, private readonly places: DevicePlaces, private readonly clock: Clock) {}

  async run(device: DeviceIdentity): Promise<DeviceSelfAnswer> {
    const shown = device.waiting === true ? await this.places.shownBy(this.dataSource.manager, device.deviceId) : null;
    const [row] = await this.dataSource.query<{ deviceName: string; pointName: string }[]>(
      'SELECT d.name AS deviceName, p.name AS pointName FROM device d JOIN point p ON p.id = d.point_id WHERE d.id = ?', [device.deviceId],
    );
    return {
      standing: device.waiting === true ? 'waiting' : 'confirmed', deviceName: row?.deviceName ?? '', pointName: row?.pointName ?? '',
      serverTimeMs: this.clock.now().getTime(), number: shown?.number ?? null, waitsUntilMs: shown?.waitsUntil.getTime() ?? null,
    };
  }
}
