import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FaceRefusalsRequest } from '../../contract/faces.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';

/** Long enough for a finding of last quarter to be opened with its evidence. */
const KEEP_MS = 180 * 86_400_000;
/** A kiosk without network tells of its day later; nothing it tells lies in the future or a week back. */
const OLDEST_MS = 7 * 86_400_000;

/** Notes faces that were turned away as not living or not new: who it was taken for and when, no picture. */
@Injectable()
export class NoteFaceRefusals implements OnModuleInit {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock, private readonly upkeep: Upkeep) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'face-refusals', run: () => this.purge() });
  }

  /** What a kiosk saw; the same refusal told again changes nothing, and people of another point are left out. */
  async fromKiosk(device: DeviceIdentity, { refusals }: FaceRefusalsRequest): Promise<{ noted: true }> {
    const now = this.clock.now();
    for (const { refusalId, personCode, at } of refusals) {
      const instant = new Date(Math.min(new Date(at).getTime(), now.getTime()));
      if (now.getTime() - instant.getTime() > OLDEST_MS) continue;
      await this.dataSource.query(
        `INSERT IGNORE INTO face_refusal (id, device_id, point_id, person_code, cause, at, received_at)
         SELECT ?, ?, ?, s.person_code, 'liveness', ?, ? FROM senior s WHERE s.person_code = ? AND s.point_id = ?`,
        [refusalId, device.deviceId, device.pointId, instant, now, personCode, device.pointId],
      );
    }
    return { noted: true };
  }

  /** The same numbers came a second time: no camera does that. */
  async replayed(device: DeviceIdentity): Promise<void> {
    const now = this.clock.now();
    await this.dataSource.query("INSERT INTO face_refusal (id, device_id, point_id, person_code, cause, at, received_at) VALUES (?, ?, ?, NULL, 'replayed', ?, ?)",
      [newId<string>(), device.deviceId, device.pointId, now, now]);
  }

  /** @returns refusals forgotten */
  async purge(): Promise<number> {
    const result: unknown = await this.dataSource.query('DELETE FROM face_refusal WHERE received_at < ?', [new Date(this.clock.now().getTime() - KEEP_MS)]);
    return affectedRows(result);
  }
}
