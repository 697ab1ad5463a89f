import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CareOfSeniorRequest, EndLadderRequest, LadderAnswer, LadderPeopleAnswer, RecordStepRequest } from '../../contract/care.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';
import { LadderBook, type Ladder } from './ladder-book.js';

/** What the office does with a ladder, and whom it may ask. */
@Injectable()
export class WorkLadder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ladders: LadderBook,
    private readonly points: PointScope,
    private readonly keyring: Keyring,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError CARE.LADDER_ENDED, CARE.STEP_PASSED; REQUEST.NOT_FOUND outside the scope */
  async tried(ladderId: string, request: RecordStepRequest, staff: StaffIdentity): Promise<LadderAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const ladder = await this.require(tx, ladderId, staff);
      const answer = await this.ladders.tried(tx, ladder, request.step, { staffId: staff.staffId, deviceAt: null, note: request.note });
      await this.say(tx, 'care-ladder.tried', ladderId, staff, { step: request.step });
      return answer;
    });
  }

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async end(ladderId: string, request: EndLadderRequest, staff: StaffIdentity): Promise<LadderAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const ladder = await this.require(tx, ladderId, staff);
      const answer = await this.ladders.end(tx, ladder, request.outcome, { staffId: staff.staffId, deviceAt: null, note: request.note });
      await this.say(tx, 'care-ladder.ended', ladderId, staff, { outcome: request.outcome });
      return answer;
    });
  }

  /** Names and telephones of those a ladder may ask; reading them is on record. @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async people(ladderId: string, staff: StaffIdentity): Promise<LadderPeopleAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const { seniorId } = await this.require(tx, ladderId, staff);
      const open = (text: string): string => this.keyring.open('identity', text);
      const [senior] = await tx.query<{ name: string; phone: string; communityId: string }[]>(
        'SELECT name, phone_cipher AS phone, community_id AS communityId FROM senior WHERE id = ?', [seniorId],
      );
      const contacts = await tx.query<{ name: string; phone: string }[]>(
        `SELECT name_cipher AS name, phone_cipher AS phone FROM senior_contact WHERE senior_id = ? AND kind IN ('emergency', 'guardian', 'family')
         ORDER BY FIELD(kind, 'emergency', 'guardian', 'family'), id LIMIT 3`, [seniorId],
      );
      const others = await tx.query<{ role: 'neighbour' | 'grid-worker' | 'community'; name: string; phone: string }[]>(
        `SELECT role, name_cipher AS name, phone_cipher AS phone FROM care_person WHERE (scope_kind = 'senior' AND scope_id = ?) OR (scope_kind = 'community' AND scope_id = ?)
         ORDER BY FIELD(role, 'neighbour', 'grid-worker', 'community')`, [seniorId, senior.communityId],
      );
      await this.say(tx, 'care-ladder.people-read', ladderId, staff, {});
      return {
        people: [
          { role: 'senior' as const, name: senior.name, phone: open(senior.phone) },
          ...others.filter((one) => one.role === 'neighbour').map((one) => ({ role: one.role, name: open(one.name), phone: open(one.phone) })),
          ...contacts.map((one) => ({ role: 'emergency-contact' as const, name: open(one.name), phone: open(one.phone) })),
          ...others.filter((one) => one.role !== 'neighbour').map((one) => ({ role: one.role, name: open(one.name), phone: open(one.phone) })),
        ],
      };
    });
  }

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async setCare(seniorId: string, request: CareOfSeniorRequest, staff: StaffIdentity): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const [senior] = await tx.query<{ pointId: string }[]>('SELECT point_id AS pointId FROM senior WHERE id = ?', [seniorId]);
      if (senior === undefined || !(await this.points.points(staff, tx)).some((id) => id === senior.pointId)) return this.points.refuse(staff, 'senior', seniorId);
      await tx.query("DELETE FROM care_person WHERE scope_kind = 'senior' AND scope_id = ? AND role = 'neighbour'", [seniorId]);
      if (request.neighbour !== null) {
        await tx.query("INSERT INTO care_person (id, scope_kind, scope_id, role, name_cipher, phone_cipher, set_by, set_at) VALUES (?, 'senior', ?, 'neighbour', ?, ?, ?, ?)",
          [newId(), seniorId, this.keyring.seal('identity', request.neighbour.name), this.keyring.seal('identity', request.neighbour.phone), staff.staffId, this.clock.now()]);
      }
      await tx.query(request.absenceWatched
        ? `INSERT INTO absence_opt_in (senior_id, since, recorded_by) VALUES (?, ?, ?)
           ON DUPLICATE KEY UPDATE since = IF(withdrawn_at IS NULL, since, VALUES(since)), withdrawn_at = NULL, recorded_by = VALUES(recorded_by)`
        : 'UPDATE absence_opt_in SET withdrawn_at = ?, recorded_by = ? WHERE senior_id = ? AND withdrawn_at IS NULL',
      request.absenceWatched ? [seniorId, this.clock.now(), staff.staffId] : [this.clock.now(), staff.staffId, seniorId]);
      return this.say(tx, 'care-of-senior.set', seniorId, staff, { absenceWatched: request.absenceWatched ? 1 : 0 });
    });
  }

  private async require(tx: EntityManager, ladderId: string, staff: StaffIdentity): Promise<Ladder> {
    const ladder = await this.ladders.locked(tx, ladderId);
    if (ladder === null || !(await this.points.points(staff, tx)).some((id) => id === ladder.pointId)) return this.points.refuse(staff, 'care-ladder', ladderId);
    return ladder;
  }

  private async say(tx: EntityManager, action: string, objectId: string, staff: StaffIdentity, detail: Record<string, string | number>): Promise<void> {
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'care-ladder', objectId, outcome: 'done', detail }, tx);
  }
}
