import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { FORMER_FACE_DAYS_DEFAULT } from '../../contract/faces.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { AuditTrail } from '../audit/index.js';
import { StreetRounds } from '../sites/index.js';
import { FormerFaces } from './former-faces.js';

/** How long a street keeps the face before, and its end: a purge reads the rows alone, so that nothing is lost with a timer. */
@Injectable()
export class FormerFaceTerm implements OnModuleInit {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly former: FormerFaces, private readonly audit: AuditTrail, private readonly clock: Clock, private readonly upkeep: Upkeep,
    private readonly rounds: StreetRounds,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'former-faces', run: () => this.purge() });
  }

  /** Days; 0: not kept. */
  async ofStreet(streetId: string, tx: EntityManager = this.unitOfWork.reader): Promise<number> {
    const [row] = await tx.query<{ days: number }[]>('SELECT former_face_days AS days FROM face_setting WHERE street_id = ?', [streetId]);
    return row?.days ?? FORMER_FACE_DAYS_DEFAULT;
  }

  /** Sets the street's term; what is over a shorter one goes at once. @throws DomainError FACE.NO_STREET for staff without a street */
  async set(days: number, actor: Actor): Promise<{ done: true }> {
    if (actor.staff.scopeKind !== 'street') throw new DomainError('FACE.NO_STREET', 'forbidden');
    const streetId = actor.staff.scopeId;
    await this.unitOfWork.run(async (tx) => {
      const before = await this.ofStreet(streetId, tx);
      await tx.query(
        `INSERT INTO face_setting (street_id, former_face_days, changed_by, changed_at) VALUES (?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE former_face_days = VALUES(former_face_days), changed_by = VALUES(changed_by), changed_at = VALUES(changed_at)`,
        [streetId, days, actor.staff.staffId, this.clock.now()],
      );
      const deleted = await this.former.purge(tx, streetId, days);
      await this.audit.record({ ...auditActor(actor), action: 'face.former-days-set', objectKind: 'street', objectId: streetId, outcome: 'done', detail: { before, days, deleted } }, tx);
    });
    return { done: true };
  }

  /** @returns templates deleted because their term is over */
  purge(): Promise<number> {
    return this.rounds.letGo({
      action: 'face.former-let-go', counted: 'templates', keptDays: (streetId, tx) => this.ofStreet(streetId, tx),
      erase: (tx, streetId, days) => this.former.purge(tx, streetId, days),
    });
  }
}
