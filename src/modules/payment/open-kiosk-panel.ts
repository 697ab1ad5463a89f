import { Injectable } from '@nestjs/common';
import { kioskPaymentAnswer } from '../../contract/kiosk.js';
import type { KioskPanelAnswer } from '../../contract/kiosk-panel.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { AttendantPins } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { KioskDigitBrake } from './kiosk-digit-brake.js';

const SHOWN = 10;

/** Lets an attendant of the point see what their kiosk sold, at the kiosk. A wrong number is braked like digits that find nobody, by a count of its own: help is needed most when guests have mistyped. */
@Injectable()
export class OpenKioskPanel {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly pins: AttendantPins, private readonly brake: KioskDigitBrake,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError KIOSK.PIN_UNKNOWN, KIOSK.DIGITS_WAIT */
  async execute(device: DeviceIdentity, pin: string): Promise<KioskPanelAnswer> {
    const [owner] = await this.brake.around(device, async (tx) => {
      const found = await this.pins.ownerOf(tx, device.pointId, pin);
      return found === null ? [] : [found];
    }, { as: 'panel' });
    if (owner === undefined) throw new DomainError('KIOSK.PIN_UNKNOWN', 'refused');
    await this.audit.record({ actorKind: 'staff', actorId: owner.staffId, action: 'kiosk-panel.opened', objectKind: 'device', objectId: device.deviceId, outcome: 'done' });
    await this.pins.complete(owner.staffId, device.pointId, pin);
    return { staffName: owner.name, staffId: owner.staffId, sales: await this.newest(device) };
  }

  private async newest(device: DeviceIdentity): Promise<KioskPanelAnswer['sales']> {
    const rows = await this.unitOfWork.reader.query<{ response: unknown; refunded: number | string }[]>(
      `SELECT i.response, r.meal_id IS NOT NULL AS refunded
       FROM meal m JOIN transfer t ON t.id = m.transfer_id
       JOIN idempotency_record i ON i.scope = t.idempotency_scope AND i.idempotency_key = t.idempotency_key
       LEFT JOIN meal_reversal r ON r.meal_id = m.id
       WHERE m.business_day = ? AND m.point_id = ? AND m.device_id = ? ORDER BY m.sold_at DESC, m.id DESC LIMIT ?`,
      [this.clock.today(), device.pointId, device.deviceId, SHOWN],
    );
    return rows.flatMap(({ response, refunded }) => {
      const sale = kioskPaymentAnswer.safeParse(parseJson(response));
      return sale.success ? [{ answer: { ...sale.data, balanceFen: null }, refunded: Number(refunded) === 1 }] : [];
    });
  }
}
