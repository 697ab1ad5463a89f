import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DEVICE_CLOCK_TOLERANCE_MS, type HeartbeatAnswer } from '../../contract/devices.js';
import { Clock } from '../../infra/clock/clock.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';

/**
 * Answers a heartbeat; that the device was seen is already noted by the guard. Nonces of this device that are older
 * than any time the guard accepts are forgotten here, so that the table stays as small as the last few minutes.
 */
@Injectable()
export class HearDevice {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async execute(device: DeviceIdentity): Promise<HeartbeatAnswer> {
    const nowMs = this.clock.now().getTime();
    await this.dataSource.query(
      'DELETE FROM device_nonce WHERE device_id = ? AND at < ?',
      [device.deviceId, new Date(nowMs - 3 * DEVICE_CLOCK_TOLERANCE_MS)],
    );
    const [head] = await this.dataSource.query<{ seq: string | number }[]>(
      'SELECT seq FROM gallery_head WHERE point_id = ?', [device.pointId],
    );
    return { serverTimeMs: nowMs, gallerySeq: Number(head?.seq ?? 0) };
  }
}
