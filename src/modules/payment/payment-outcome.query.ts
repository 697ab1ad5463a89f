import { Injectable } from '@nestjs/common';
import { saleAnswer, type SaleAnswer } from '../../contract/desk.js';
import { kioskPaymentAnswer, type KioskPaymentOutcomeAnswer } from '../../contract/kiosk.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { parseJson } from '../../infra/database/columns.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';

/** What became of a payment whose answer was lost. Reads only; asking charges nobody. */
@Injectable()
export class PaymentOutcome {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly clock: Clock) {}

  /**
   * Devices of the same point count as one, because a kiosk that was enrolled again keeps its open payments under a new
   * id. A key of another point is as unknown as one that was never sent.
   */
  async of(device: DeviceIdentity, key: string): Promise<KioskPaymentOutcomeAnswer> {
    const [stored] = await this.unitOfWork.reader.query<{ response: unknown }[]>(
      `SELECT response FROM idempotency_record
       WHERE idempotency_key = ? AND scope IN (SELECT CONCAT('device:', id) FROM device WHERE point_id = ?)
       ORDER BY scope = ? DESC LIMIT 1`,
      [key, device.pointId, `device:${device.deviceId}`],
    );
    const payment = kioskPaymentAnswer.safeParse(stored === undefined ? null : parseJson(stored.response));
    return { payment: payment.success ? payment.data : null, serverTimeMs: this.clock.now().getTime() };
  }

  /** A sale of the desk; a key belongs to the attendant who sent it. */
  async atDesk(staffId: string, key: string): Promise<SaleAnswer | null> {
    const [stored] = await this.unitOfWork.reader.query<{ response: unknown }[]>('SELECT response FROM idempotency_record WHERE idempotency_key = ? AND scope = ?', [key, `staff:${staffId}`]);
    return saleAnswer.safeParse(stored === undefined ? null : parseJson(stored.response)).data ?? null;
  }
}
