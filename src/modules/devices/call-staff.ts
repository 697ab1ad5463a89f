import { Injectable } from '@nestjs/common';
import type { KioskHelpRequest } from '../../contract/kiosk.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { Notices } from '../notices/index.js';
import { HelpCalls } from './help-calls.js';

/** However often a button is pressed, the point is told once within this time. */
const ONCE_WITHIN_MS = 60_000;

const DEDUP = { 'help-called': 'help', 'payment-dropped': 'dropped', 'payment-found': 'found' } as const;

/** Tells the point of a device that somebody in front of it needs a person, or that it gave up a payment without an answer. */
@Injectable()
export class CallStaff {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly notices: Notices, private readonly helpCalls: HelpCalls, private readonly clock: Clock) {}

  async execute(device: DeviceIdentity, request: KioskHelpRequest): Promise<{ noted: true }> {
    const span = Math.floor(this.clock.now().getTime() / ONCE_WITHIN_MS);
    const kind = request.reason === 'payment-dropped' || request.reason === 'payment-found' ? request.reason : 'help-called';
    await this.unitOfWork.run(async (tx) => {
      if (kind === 'help-called') await this.helpCalls.open(tx, device, request.reason);
      const [row] = await tx.query<{ name: string }[]>('SELECT name FROM device WHERE id = ?', [device.deviceId]);
      await this.notices.request(tx, {
        kind, recipientKind: 'point', recipientId: device.pointId,
        facts: { device: row?.name ?? '', reason: request.reason }, dedupKey: `${DEDUP[kind]}-${device.deviceId}-${span}`,
      });
    });
    return { noted: true };
  }
}
