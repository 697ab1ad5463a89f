import { Injectable } from '@nestjs/common';
import { kioskPaymentAnswer, type KioskPaymentAnswer } from '../../contract/kiosk.js';
import type { KioskPanelAnswer } from '../../contract/kiosk-panel.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { AttendantPins } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { KioskDigitBrake } from './kiosk-digit-brake.js';

const SHOWN = 10;

interface SaleRow {
  mealId: string; response: unknown; refunded: number | string; seq: number | null; deviceName: string; code: string | null; mealName: string | null; pointName: string;
  dinerName: string | null; sex: Sex | null; grossFen: number | string; dueFen: number | string; explanation: unknown; soldAt: Date;
}

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
    const rows = await this.unitOfWork.reader.query<SaleRow[]>(
      `SELECT m.id AS mealId, i.response, r.meal_id IS NOT NULL AS refunded, o.seq, d.name AS deviceName, x.code, x.name AS mealName, p.name AS pointName,
         s.name AS dinerName, s.sex, m.gross_fen AS grossFen, m.due_fen AS dueFen, m.explanation, m.sold_at AS soldAt
       FROM meal m JOIN transfer t ON t.id = m.transfer_id JOIN device d ON d.id = m.device_id JOIN point p ON p.id = m.point_id
       JOIN idempotency_record i ON i.scope = t.idempotency_scope AND i.idempotency_key = t.idempotency_key
       LEFT JOIN offline_sale o ON o.device_id = m.device_id AND o.meal_day = m.business_day AND o.meal_id = m.id
       LEFT JOIN set_meal x ON x.id = m.set_meal_id LEFT JOIN senior s ON s.id = m.senior_id LEFT JOIN meal_reversal r ON r.meal_id = m.id
       WHERE m.business_day = ? AND m.point_id = ? AND m.device_id = ? ORDER BY m.sold_at DESC, m.id DESC LIMIT ?`,
      [this.clock.today(), device.pointId, device.deviceId, SHOWN],
    );
    return rows.flatMap((row) => {
      const sale = kioskPaymentAnswer.safeParse(parseJson(row.response));
      const answer = sale.success ? { ...sale.data, balanceFen: null } : soldWithoutNetwork(row);
      return answer === null ? [] : [{ answer, refunded: Number(row.refunded) === 1 }];
    });
  }
}

/** What the kiosk sold without network and has handed in since, with the numbers of the slip that it printed then; null for what it did not sell today. */
function soldWithoutNetwork({ seq, sex, dinerName, ...row }: SaleRow): KioskPaymentAnswer | null {
  if (seq === null) return null;
  return {
    mealId: row.mealId, receiptNo: `${row.deviceName} ${seq}`, pickupNo: `${row.code ?? ''}-${seq}`, maskedName: dinerName === null || sex === null ? '' : maskName(dinerName, sex),
    mealName: row.mealName ?? '', pointName: row.pointName, grossFen: Number(row.grossFen), dueFen: Number(row.dueFen), payers: [],
    explanation: parseJson<KioskPaymentAnswer['explanation']>(row.explanation), balanceFen: null, soldAt: row.soldAt.toISOString(),
  };
}
