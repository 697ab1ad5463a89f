import { Injectable } from '@nestjs/common';
import type { NamePayeeRequest } from '../../contract/life-events.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { parsePersonName, parsePhone } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { SeniorRecords } from '../seniors/index.js';
import { EventScope } from './event-scope.js';

/** Names who may receive the own money that an event freed: an heir, or the account holder who has moved. The payment itself is the wallets'. */
@Injectable()
export class NamePayee {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: EventScope, private readonly records: SeniorRecords,
    private readonly keyring: Keyring, private readonly clock: Clock,
  ) {}

  /** @throws DomainError LIFE_EVENT.NOT_FOUND, RELEASE.NOT_OPEN, PERSON.* */
  async execute(eventId: string, request: NamePayeeRequest, actor: Actor): Promise<{ done: true }> {
    const name = parsePersonName(request.name);
    const phone = parsePhone(request.phone);
    await this.unitOfWork.run(async (tx) => {
      const event = await this.scope.find(tx, eventId, actor);
      const named: unknown = await tx.query(
        `UPDATE wallet_release SET payee_name_cipher = ?, payee_phone_cipher = ?, payee_relation = ?, proof = ?, payee_by = ?, payee_at = ?
         WHERE life_event_id = ? AND state = 'freed'`,
        [this.keyring.seal('identity', name), this.keyring.seal('identity', phone), request.relation, request.proof, actor.staff.staffId, this.clock.now(), eventId],
      );
      if (affectedRows(named) !== 1) throw new DomainError('RELEASE.NOT_OPEN', 'conflict');
      await this.records.note(tx, actor, 'wallet-release.payee-named', event.seniorId, { lifeEventId: eventId, relation: request.relation });
    });
    return { done: true };
  }
}
