import { Injectable } from '@nestjs/common';
import type { SeenRequest } from '../../contract/life-events.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { newId } from '../../infra/ids.js';
import { SeniorRecords } from '../seniors/index.js';

/** Somebody's word that a person is well, with the day and how they know. */
@Injectable()
export class RecordSeen {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly clock: Clock) {}

  /** @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOT_ACTIVE, LIFE_EVENT.IN_FUTURE */
  async execute(seniorId: string, request: SeenRequest, actor: Actor): Promise<{ done: true }> {
    if (request.on > this.clock.today()) throw new DomainError('LIFE_EVENT.IN_FUTURE', 'invalid', { day: request.on });
    await this.unitOfWork.run(async (tx) => {
      await this.records.findActive(seniorId, actor, tx);
      await tx.query('INSERT INTO seen_note (id, senior_id, seen_on, how, note, recorded_by, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [newId(), seniorId, request.on, request.how, request.note, actor.staff.staffId, this.clock.now()]);
      await this.records.note(tx, actor, 'senior.seen', seniorId, { on: request.on, how: request.how });
    });
    return { done: true };
  }
}
