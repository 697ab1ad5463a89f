import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DEVICE_CLOCK_TOLERANCE_MS, type DeviceStatus, type HeartbeatAnswer } from '../../contract/devices.js';
import { Clock } from '../../infra/clock/clock.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';

/**
 * Answers a heartbeat and notes what the device says of itself; that it was seen is already noted by the guard. Nonces of this device that are older
 * than any time the guard accepts are forgotten here, so that the table stays as small as the last few minutes.
 */
@Injectable()
export class HearDevice {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async execute(device: DeviceIdentity, status: DeviceStatus | null): Promise<HeartbeatAnswer> {
    const nowMs = this.clock.now().getTime();
    if (status !== null) await this.note(device.deviceId, device.waiting === true ? withoutSales(status) : status);
    await this.dataSource.query(
      'DELETE FROM device_nonce WHERE device_id = ? AND at < ?',
      [device.deviceId, new Date(nowMs - 3 * DEVICE_CLOCK_TOLERANCE_MS)],
    );
    if (device.waiting === true) return { serverTimeMs: nowMs, gallerySeq: 0 }; // how many faces come and go is the point's
    const [head] = await this.dataSource.query<{ seq: string | number }[]>(
      'SELECT seq FROM gallery_head WHERE point_id = ?', [device.pointId],
    );
    return { serverTimeMs: nowMs, gallerySeq: Number(head?.seq ?? 0) };
  }

  private async note(deviceId: string, status: DeviceStatus): Promise<void> {
    const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
    await this.dataSource.query(
      `REPLACE INTO device_status (device_id, reported_at, app_version, contract, queue_count, queue_oldest_at, chain_seq, clock_drift_ms, camera, storage_used, storage_quota,
         storage_persisted, offline_until, sells) VALUES (?)`,
      [[
        deviceId, this.clock.now(), status.appVersion, status.contract, status.queueCount, instant(status.queueOldestAtMs), status.chainSeq, status.clockDriftMs, status.camera,
        status.storageUsed, status.storageQuota, status.storagePersisted ? 1 : 0, instant(status.offlineUntilMs), status.sells === false ? 0 : 1,
      ]],
    );
  }
}

/** A machine that nobody has confirmed has sold nothing, whatever it says: its word holds up no day and no drawer of the point. */
const withoutSales = (status: DeviceStatus): DeviceStatus => ({ ...status, queueCount: 0, queueOldestAtMs: null, chainSeq: 0, offlineUntilMs: null });
