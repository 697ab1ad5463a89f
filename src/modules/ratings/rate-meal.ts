import { Injectable } from '@nestjs/common';
import type { KioskRatingRequest } from '../../contract/ratings.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';

/** A child at the machine presses faster than people who have eaten. */
const MOST_A_MINUTE = 12;
const MINUTE_MS = 60_000;

/** Notes one mark of a device's point. It names nobody, so nothing can be traced from it to a person. */
@Injectable()
export class RateMeal {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly clock: Clock) {}

  /** @throws DomainError KIOSK.RATINGS_WAIT */
  async execute(device: DeviceIdentity, request: KioskRatingRequest): Promise<{ noted: true }> {
    const now = this.clock.now();
    await this.unitOfWork.run(async (tx) => {
      const [known] = await tx.query<{ face: string }[]>('SELECT face FROM meal_rating WHERE id = ? AND device_id = ?', [request.ratingId, device.deviceId]);
      if (known !== undefined) {
        if (known.face === request.face) await tx.query('UPDATE meal_rating SET reason = COALESCE(?, reason) WHERE id = ? AND device_id = ?', [request.reason, request.ratingId, device.deviceId]);
        return;
      }
      const [lately] = await tx.query<{ n: string | number }[]>(
        'SELECT COUNT(*) AS n FROM meal_rating WHERE device_id = ? AND rated_at > ?', [device.deviceId, new Date(now.getTime() - MINUTE_MS)],
      );
      if (Number(lately?.n) >= MOST_A_MINUTE) throw new DomainError('KIOSK.RATINGS_WAIT', 'too-many');
      await tx.query(
        'INSERT IGNORE INTO meal_rating (id, point_id, device_id, business_day, face, reason, rated_at) VALUES (?)',
        [[request.ratingId, device.pointId, device.deviceId, this.clock.today(), request.face, request.reason, now]],
      );
    });
    return { noted: true };
  }
}
