import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ConsentPurpose } from '../../contract/faces.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { FaceStore } from '../faces/index.js';

/** Ends consents and everything that rested on them, in the caller's transaction. */
@Injectable()
export class EndFaceUse {
  constructor(private readonly faces: FaceStore, private readonly clock: Clock) {}

  /**
   * Roaming or the gate alone: the template stays for what is still agreed to. The point's consent: the template goes, and
   * roaming and the gate with it, because nothing is left to compare with.
   *
   * @returns how many acts of consent were ended
   */
  async execute(tx: EntityManager, senior: { id: string; personCode: string }, purpose: ConsentPurpose, recordedBy: string): Promise<number> {
    const purposes = purpose === 'face-point' ? ['face-point', 'face-roaming', 'face-gate'] : [purpose];
    const ended: unknown = await tx.query(
      `UPDATE consent SET withdrawn_at = ?, withdrawn_recorded_by = ?
       WHERE senior_id = ? AND withdrawn_at IS NULL AND purpose IN (${purposes.map(() => '?').join(', ')})`,
      [this.clock.now(), recordedBy, senior.id, ...purposes],
    );
    if (purpose === 'face-point') await this.faces.forget(tx, senior.personCode);
    else if (purpose === 'face-roaming') await this.faces.setRoaming(tx, senior.personCode, false);
    return affectedRows(ended);
  }
}
