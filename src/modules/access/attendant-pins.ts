import { Injectable } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { PIN_DIGITS } from '../../contract/kiosk-panel.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { hashPassword, passwordMatches } from './passwords.js';

/** A point has a few attendants; more tries than this mean that something else is wrong. */
const DRAWS = 20;

/** The numbers by which attendants open the panels of their point's kiosks. */
@Injectable()
export class AttendantPins {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** A new number for an attendant, different from those of the point's others, so that it names one person. */
  async draw(staff: StaffIdentity): Promise<{ pin: string }> {
    return this.unitOfWork.run(async (tx) => {
      const pin = await this.unused(tx, staff.scopeId as PointId);
      await tx.query('REPLACE INTO staff_pin (staff_id, pin_hash, drawn_at) VALUES (?, ?, ?)', [staff.staffId, await hashPassword(pin), this.clock.now()]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'kiosk-pin.drawn', objectKind: 'staff', objectId: staff.staffId, outcome: 'done' }, tx);
      return { pin };
    });
  }

  /** Whose number this is among the attendants who work at this point now; nobody's: null. */
  async ownerOf(tx: EntityManager, pointId: PointId, pin: string): Promise<{ staffId: string; name: string } | null> {
    const attendants = await tx.query<{ staffId: string; name: string; pinHash: string }[]>(
      `SELECT s.id AS staffId, s.display_name AS name, p.pin_hash AS pinHash FROM staff s JOIN staff_pin p ON p.staff_id = s.id
       WHERE s.role = 'attendant' AND s.scope_kind = 'point' AND s.scope_id = ? AND s.active = 1 ORDER BY s.id`, [pointId],
    );
    for (const { staffId, name, pinHash } of attendants) if (await passwordMatches(pin, pinHash)) return { staffId, name };
    return null;
  }

  private async unused(tx: EntityManager, pointId: PointId): Promise<string> {
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const pin = String(randomInt(10 ** PIN_DIGITS)).padStart(PIN_DIGITS, '0');
      if (await this.ownerOf(tx, pointId, pin) === null) return pin;
    }
    throw new InvariantError('no number is left');
  }
}
