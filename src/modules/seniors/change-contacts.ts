import { Injectable } from '@nestjs/common';
import type { AddContactRequest } from '../../contract/seniors.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { parsePersonName, parsePhone } from '../../domain/persons/index.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { newId } from '../../infra/ids.js';
import { IdentityColumns } from './identity-columns.js';
import { SeniorRecords } from './senior-records.js';

/** Whom to call, who collects, who may decide for a senior. */
@Injectable()
export class ChangeContacts {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly columns: IdentityColumns,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND, PERSON.* */
  async add(seniorId: string, request: AddContactRequest, actor: Actor): Promise<{ id: string }> {
    const name = parsePersonName(request.name);
    const phone = parsePhone(request.phone);
    return this.unitOfWork.run(async (tx) => {
      await this.records.find(seniorId, actor, tx);
      const id = newId();
      await tx.query(
        'INSERT INTO senior_contact (id, senior_id, kind, relation, name_cipher, phone_cipher, takes_messages) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [id, seniorId, request.kind, request.relation, this.columns.seal(name), this.columns.seal(phone), request.takesMessages === true],
      );
      await this.records.note(tx, actor, 'senior.contact-added', seniorId, { kind: request.kind, takesMessages: request.takesMessages === true });
      return { id };
    });
  }

  /** @throws DomainError SENIOR.NOT_FOUND, CONTACT.NOT_FOUND */
  async remove(seniorId: string, contactId: string, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      await this.records.find(seniorId, actor, tx);
      const removed: unknown = await tx.query('DELETE FROM senior_contact WHERE id = ? AND senior_id = ?', [contactId, seniorId]);
      if (affectedRows(removed) !== 1) throw new DomainError('CONTACT.NOT_FOUND', 'not-found');
      await this.records.note(tx, actor, 'senior.contact-removed', seniorId);
    });
    return { done: true };
  }
}
