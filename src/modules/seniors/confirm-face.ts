import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { VouchingColleague } from '../../contract/faces.js';
import { clockText } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { VouchForStep } from '../access/index.js';
import { Notices } from '../notices/index.js';
import { SeniorRecords } from './senior-records.js';

/** What each face that is put on an account takes, a new one and one that comes back: a second person before, and a word to the family after. */
@Injectable()
export class ConfirmFace {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly vouching: VouchForStep, private readonly notices: Notices,
    private readonly clock: Clock,
  ) {}

  /**
   * Before any lock is taken: a password takes its time.
   *
   * @returns null where nobody vouches
   * @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOT_ACTIVE, FACE.SECOND_PERSON_WRONG, ACCESS.TOO_MANY_ATTEMPTS
   */
  async colleagueOf(seniorId: string, colleague: VouchingColleague | undefined, actor: Actor, step: { action: 'face.enrolled' | 'face.restored'; ip: string | undefined }): Promise<string | null> {
    if (colleague === undefined) return null;
    const { pointId } = await this.records.findActive(seniorId, actor, this.unitOfWork.reader, false);
    const staffId = await this.vouching.execute({ ...colleague, besides: actor.staff.staffId, pointId, ip: step.ip });
    if (staffId !== null) return staffId;
    await this.records.noteDenied(actor, step.action, seniorId);
    throw new DomainError('FACE.SECOND_PERSON_WRONG', 'refused');
  }

  /** A face under somebody else's name would be noticed at home: the senior and the family hear of each. */
  async tell(tx: EntityManager, kind: 'face-enrolled' | 'face-restored', seniorId: string, pointId: string): Promise<void> {
    const [point] = await tx.query<{ name: string; phone: string }[]>('SELECT name, phone FROM point WHERE id = ?', [pointId]);
    const family = await tx.query<{ id: string }[]>("SELECT id FROM senior_contact WHERE senior_id = ? AND kind IN ('family', 'guardian') ORDER BY id", [seniorId]);
    const now = this.clock.now();
    const facts = { point: point?.name ?? '', phone: point?.phone ?? '', time: clockText(now) };
    const recipients = [{ kind: 'senior' as const, id: seniorId }, ...family.map(({ id }) => ({ kind: 'contact' as const, id }))];
    for (const { kind: recipientKind, id } of recipients) {
      await this.notices.request(tx, { kind, recipientKind, recipientId: id, facts, dedupKey: `${kind}-${id}-${now.getTime()}` });
    }
  }
}
