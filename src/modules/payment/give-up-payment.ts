import { Injectable } from '@nestjs/common';
import type { EndedSaleAnswer } from '../../contract/desk.js';
import type { KioskPaymentOutcomeAnswer } from '../../contract/kiosk.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { AuditTrail } from '../audit/index.js';
import { PaymentOutcome } from './payment-outcome.query.js';

/**
 * Gives a payment up that had no answer: an attempt which is still under way can charge no more after somebody was told
 * that nothing was charged.
 */
@Injectable()
export class GiveUpPayment {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly idempotency: Idempotency, private readonly outcome: PaymentOutcome, private readonly audit: AuditTrail) {}

  /** @returns the payment where it was charged before; else its key is closed at every device of this point, because a kiosk may have been enrolled again since */
  async execute(device: DeviceIdentity, key: string): Promise<KioskPaymentOutcomeAnswer> {
    await this.unitOfWork.run(async (tx) => {
      const devices = await tx.query<{ id: string }[]>('SELECT id FROM device WHERE point_id = ? ORDER BY id', [device.pointId]);
      if (!await this.idempotency.close(tx, devices.map(({ id }) => `device:${id}`), key)) return;
      await this.audit.record({ actorKind: 'device', actorId: device.deviceId, action: 'payment.given-up', objectKind: 'payment', objectId: key, outcome: 'done', detail: {} }, tx);
    });
    return this.outcome.of(device, key);
  }

  /** The same for a sale at the desk, whose key belongs to the attendant who sent it. */
  async atDesk(staffId: string, key: string): Promise<EndedSaleAnswer> {
    await this.unitOfWork.run(async (tx) => {
      if (!await this.idempotency.close(tx, [`staff:${staffId}`], key)) return;
      await this.audit.record({ actorKind: 'staff', actorId: staffId, action: 'payment.given-up', objectKind: 'payment', objectId: key, outcome: 'done', detail: {} }, tx);
    });
    return { sale: await this.outcome.atDesk(staffId, key) };
  }
}
