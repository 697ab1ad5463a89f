import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { AuditTrail } from '../audit/index.js';
import { Notices } from '../notices/index.js';

/** However many such requests arrive, they are told once within this time. */
const ONCE_WITHIN_MS = 60_000;

/** `device-forged`: a known device's name under a wrong signature. `payment-key-reused`: the key of one payment for another. */
export type DeviceAlarm = 'device-forged' | 'payment-key-reused';
const AUDITED = { 'device-forged': 'device.forged', 'payment-key-reused': 'device.payment-key-reused' } as const;

/**
 * Tells the point and the street, and the audit record, that something speaks in the name of one of their devices that the
 * device itself would not say: its storage was copied, or its page was changed. The request is refused by whoever raises this.
 */
@Injectable()
export class RaiseDeviceAlarm {
  private readonly logger = new Logger(RaiseDeviceAlarm.name);

  /** What this process has told already, so that a flood of forged requests writes nothing. */
  private readonly told = new Map<string, number>();

  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly notices: Notices, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Never fails whoever raises it: the refusal is what counts, and it is given either way. */
  async execute(deviceId: string, alarm: DeviceAlarm): Promise<void> {
    const minute = Math.floor(this.clock.now().getTime() / ONCE_WITHIN_MS);
    if (this.told.get(`${alarm}-${deviceId}`) === minute) return;
    this.told.set(`${alarm}-${deviceId}`, minute);
    await this.tell(deviceId, alarm, minute).catch((error: unknown) => {
      this.told.delete(`${alarm}-${deviceId}`); // the next such request tells it
      this.logger.error(`the alarm ${alarm} of device ${deviceId} was not told: ${(error as Error).message}`);
    });
  }

  private async tell(deviceId: string, alarm: DeviceAlarm, minute: number): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const [device] = await tx.query<{ name: string; pointId: string; streetId: string }[]>(
        `SELECT d.name, d.point_id AS pointId, c.street_id AS streetId FROM device d JOIN point p ON p.id = d.point_id
         JOIN community c ON c.id = p.community_id WHERE d.id = ?`, [deviceId],
      );
      if (device === undefined) return;
      const tell = (recipientKind: 'point' | 'street', recipientId: string): Promise<boolean> => this.notices.request(tx, {
        kind: alarm, facts: { device: device.name }, recipientKind, recipientId, dedupKey: `${alarm}-${deviceId}-${minute}-${recipientKind}`,
      });
      if (!await tell('point', device.pointId)) return; // another process was first
      await tell('street', device.streetId);
      await this.audit.record({ actorKind: 'system', actorId: null, action: AUDITED[alarm], objectKind: 'device', objectId: deviceId, outcome: 'denied', detail: { alarm, pointId: device.pointId } }, tx);
    });
  }
}
