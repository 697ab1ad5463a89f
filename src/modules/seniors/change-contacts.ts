import { Injectable } from '@nestjs/common';
import { MESSAGED_CONTACT_KINDS, type AddContactRequest, type SetContactMessagesRequest } from '../../contract/seniors.js';
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
    const takesMessages = request.takesMessages === true && MESSAGED_CONTACT_KINDS.includes(request.kind);
    return this.unitOfWork.run(async (tx) => {
      await this.records.find(seniorId, actor, tx);
      const id = newId();
      await tx.query(
        'INSERT INTO senior_contact (id, senior_id, kind, relation, name_cipher, phone_cipher, takes_messages) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [id, seniorId, request.kind, request.relation, this.columns.seal(name), this.columns.seal(phone), takesMessages],
      );
      await this.records.note(tx, actor, 'senior.contact-added', seniorId, { kind: request.kind, takesMessages });
      return { id };
    });
  }

  /** Of a contact that is there; agreeing is kept for family and guardians, whom alone messages are sent to. @throws DomainError SENIOR.NOT_FOUND, CONTACT.NOT_FOUND, CONTACT.NOT_TOLD */
  async setMessages(seniorId: string, contactId: string, { takesMessages }: SetContactMessagesRequest, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      await this.records.find(seniorId, actor, tx);
      const [contact] = await tx.query<{ kind: AddContactRequest['kind'] }[]>('SELECT kind FROM senior_contact WHERE id = ? AND senior_id = ? FOR UPDATE', [contactId, seniorId]);
      if (contact === undefined) throw new DomainError('CONTACT.NOT_FOUND', 'not-found');
      if (takesMessages && !MESSAGED_CONTACT_KINDS.includes(contact.kind)) throw new DomainError('CONTACT.NOT_TOLD', 'refused');
      const changed: unknown = await tx.query('UPDATE senior_contact SET takes_messages = ? WHERE id = ? AND takes_messages <> ?', [takesMessages, contactId, takesMessages]);
      if (affectedRows(changed) === 1) await this.records.note(tx, actor, 'senior.contact-messages', seniorId, { contactId, takesMessages });
    });
    return { done: true };
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
