import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CancelKioskOrderRequest, KioskOrdersAnswer, KioskOrdersRequest, PlaceKioskOrderRequest } from '../../contract/kiosk-orders.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { CancelOrder, OrdersAhead, PlaceOrder } from '../ordering/index.js';
import { KioskIdentification } from '../payment/index.js';
import type { Diner } from '../seniors/index.js';
import { SiteDirectory } from '../sites/index.js';

/**
 * A senior orders meals of the next days at a kiosk, known as for a payment and under the same rules as any order: the
 * cut-off of the channel, the written menu, nothing that is against the person. Nothing is charged.
 */
@Injectable()
export class OrderAtKiosk {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly idempotency: Idempotency, private readonly identification: KioskIdentification,
    private readonly ahead: OrdersAhead, private readonly placeOrder: PlaceOrder, private readonly cancelOrder: CancelOrder, private readonly sites: SiteDirectory,
  ) {}

  /** @throws DomainError of the identification: PAYMENT.SENIOR_UNKNOWN, PAYMENT.CONSENT_MISSING, PAYMENT.IDENTITY_DOUBT */
  async show(device: DeviceIdentity, request: KioskOrdersRequest): Promise<KioskOrdersAnswer> {
    const tx = this.unitOfWork.reader;
    return this.answer(tx, await this.dinerOf(tx, device, request.claim));
  }

  /** @throws DomainError ORDER.* and those of the identification */
  async place(device: DeviceIdentity, request: PlaceKioskOrderRequest, key: string): Promise<KioskOrdersAnswer> {
    const { day, period, setCode } = request;
    await this.idempotency.run({ scope: `device:${device.deviceId}`, key, request: { order: request } }, async (tx) => {
      const diner = await this.dinerOf(tx, device, request.claim);
      if (request.insteadOf !== undefined) await this.cancelOrder.cancelOwn(tx, request.insteadOf, diner.seniorId, device.deviceId);
      const senior = { id: diner.seniorId, pointId: diner.pointId, active: diner.status === 'active' };
      return this.placeOrder.placeAtKiosk(tx, senior, { day, period, setCode }, device.deviceId);
    });
    return this.show(device, request);
  }

  /** @throws DomainError ORDER.CUTOFF_PASSED, ORDER.NOT_OPEN, REQUEST.NOT_FOUND and those of the identification */
  async cancel(device: DeviceIdentity, request: CancelKioskOrderRequest): Promise<KioskOrdersAnswer> {
    await this.unitOfWork.run(async (tx) => {
      const diner = await this.dinerOf(tx, device, request.claim);
      await this.cancelOrder.cancelOwn(tx, request.orderId, diner.seniorId, device.deviceId);
    });
    return this.show(device, request);
  }

  private async dinerOf(tx: EntityManager, device: DeviceIdentity, claim: KioskOrdersRequest['claim']): Promise<Diner> {
    const { diner } = await this.identification.identify(tx, device, claim);
    if (diner === null) throw new DomainError('PAYMENT.SENIOR_UNKNOWN', 'refused');
    return diner;
  }

  private async answer(tx: EntityManager, diner: Diner): Promise<KioskOrdersAnswer> {
    const { name } = await this.sites.point(diner.pointId);
    return { maskedName: diner.maskedName, pointName: name, meals: await this.ahead.of(tx, diner.seniorId, diner.pointId) };
  }
}
