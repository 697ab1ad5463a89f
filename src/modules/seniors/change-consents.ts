import { Injectable } from '@nestjs/common';
import type { ConsentPurpose } from '../../contract/faces.js';
import type { GiveConsentRequest } from '../../contract/seniors.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { requireFaceAge, requireGiver } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { newId } from '../../infra/ids.js';
import { FaceStore, FormerFaces } from '../faces/index.js';
import { EndFaceUse } from './end-face-use.js';
import { SeniorRecords } from './senior-records.js';

/** Records that a senior agreed to one use of the face, and that the senior no longer does. */
@Injectable()
export class ChangeConsents {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly records: SeniorRecords,
    private readonly faces: FaceStore,
    private readonly former: FormerFaces,
    private readonly endFaceUse: EndFaceUse,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOT_ACTIVE, CONSENT.GUARDIAN_PROOF_MISSING, CONSENT.ALREADY_GIVEN, FACE.UNDER_AGE */
  async give(seniorId: string, request: GiveConsentRequest, actor: Actor): Promise<{ id: string }> {
    requireGiver(request);
    return this.unitOfWork.run(async (tx) => {
      const record = await this.records.findActive(seniorId, actor, tx, true);
      requireFaceAge(record.birthDate, this.clock.today());
      const pointId = request.purpose === 'face-roaming' ? null : record.pointId;
      const [standing] = await tx.query<{ id: string }[]>(
        'SELECT id FROM consent WHERE senior_id = ? AND purpose = ? AND point_id <=> ? AND withdrawn_at IS NULL', [seniorId, request.purpose, pointId],
      );
      if (standing !== undefined) throw new DomainError('CONSENT.ALREADY_GIVEN', 'conflict');
      const id = newId();
      const byGuardian = request.givenBy === 'guardian';
      await tx.query(
        `INSERT INTO consent (id, senior_id, purpose, point_id, given_by, guardian_name, guardian_proof, notice_version, given_at, recorded_by, former_face_days)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [id, seniorId, request.purpose, pointId, request.givenBy, byGuardian ? request.guardianName : null,
          byGuardian ? request.guardianProof : null, request.noticeVersion, this.clock.now(), actor.staff.staffId,
          request.purpose === 'face-point' ? request.formerFaceDays ?? null : null],
      );
      if (request.purpose === 'face-roaming') await this.faces.setRoaming(tx, record.personCode, true);
      await this.records.note(tx, actor, 'consent.given', seniorId, { purpose: request.purpose, givenBy: request.givenBy, noticeVersion: request.noticeVersion });
      return { id };
    });
  }

  /** @throws DomainError SENIOR.NOT_FOUND, CONSENT.NOT_GIVEN when nothing stands and no template is left either */
  async withdraw(seniorId: string, purpose: ConsentPurpose, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      const record = await this.records.find(seniorId, actor, tx, true);
      const hadFace = purpose === 'face-point' && await this.faces.find(record.personCode, tx) !== null;
      const former = purpose === 'face-point' ? await this.former.list(record.personCode, record.pointId, tx) : [];
      const ended = await this.endFaceUse.execute(tx, record, purpose, actor.staff.staffId);
      if (ended === 0 && !hadFace && former.length === 0) throw new DomainError('CONSENT.NOT_GIVEN', 'conflict');
      await this.records.note(tx, actor, 'consent.withdrawn', seniorId, { purpose, templateDeleted: hadFace, formerDeleted: former.length });
    });
    return { done: true };
  }
}
