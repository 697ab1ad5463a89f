import { Injectable } from '@nestjs/common';
import type { RestoreFaceRequest } from '../../contract/faces.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { FormerFaces } from '../faces/index.js';
import { ConfirmFace } from './confirm-face.js';
import { FaceConsents } from './face-consents.js';
import { SeniorRecords } from './senior-records.js';

/** Puts the face before back where the one in its place turns out to be wrong: two people again, and the family is told. */
@Injectable()
export class RestoreFace {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly confirm: ConfirmFace, private readonly consents: FaceConsents,
    private readonly former: FormerFaces,
  ) {}

  /**
   * @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOT_ACTIVE, FACE.CONSENT_MISSING, FACE.FORMER_GONE, FACE.FORMER_CLOSED, FACE.SECOND_PERSON,
   *   FACE.SECOND_PERSON_WRONG, ACCESS.TOO_MANY_ATTEMPTS
   */
  async execute(seniorId: string, request: RestoreFaceRequest, actor: Actor, ip: string | undefined): Promise<{ done: true }> {
    const colleague = await this.confirm.colleagueOf(seniorId, request.colleague, actor, { action: 'face.restored', ip });
    await this.unitOfWork.run(async (tx) => {
      const record = await this.records.findActive(seniorId, actor, tx, true);
      const { roaming, formerDays } = await this.consents.require(tx, record);
      if (colleague === null) throw new DomainError('FACE.SECOND_PERSON', 'refused');
      const { enrolmentId, reason, replacedFaceOf } = request;
      await this.former.restore(tx, { personCode: record.personCode, pointId: record.pointId, enrolmentId, roaming, days: replacedFaceOf === 'senior' ? formerDays : 0 });
      await this.records.note(tx, actor, 'face.restored', seniorId, { enrolmentId, reason, replacedFaceOf, colleague });
      await this.confirm.tell(tx, 'face-restored', seniorId, record.pointId);
    });
    return { done: true };
  }
}
