import { Injectable } from '@nestjs/common';
import { capturesOf, type EnrolFaceAnswer, type EnrolFaceRequest, type FaceCapture } from '../../contract/faces.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { requireFaceAge } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { BuildTemplate, FaceStore, type NewTemplate } from '../faces/index.js';
import { ConfirmFace } from './confirm-face.js';
import { FaceConsents } from './face-consents.js';
import { SeniorRecords } from './senior-records.js';

/** Where the capture comes from: a station of staff, or the visitor of a demo street, who stands in for staff and senior. */
export type EnrolledFrom = 'demo-kiosk' | { readonly ip: string | undefined };

/**
 * Keeps a face under the consent that stands for the senior's point, as two members of staff saw it: whoever puts a face
 * there pays with its wallet, the first one as much as one in place of another. Frames are gone when the answer leaves.
 */
@Injectable()
export class EnrolFace {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly records: SeniorRecords,
    private readonly buildTemplate: BuildTemplate,
    private readonly faces: FaceStore,
    private readonly confirm: ConfirmFace,
    private readonly consents: FaceConsents,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOT_ACTIVE, FACE.UNDER_AGE, FACE.CONSENT_MISSING, FACE.QUALITY_LOW,
   *   FACE.FRAMES_DIFFER, FACE.MODEL_UNKNOWN, FACE.DESCRIPTOR_INVALID, FACE.KEY_CHANGED, FACE.SECOND_PERSON, FACE.SECOND_PERSON_WRONG, ACCESS.TOO_MANY_ATTEMPTS
   */
  async execute(seniorId: string, request: EnrolFaceRequest, actor: Actor, from: EnrolledFrom): Promise<EnrolFaceAnswer> {
    const colleague = from === 'demo-kiosk' ? null : await this.confirm.colleagueOf(seniorId, request.colleague, actor, { action: 'face.enrolled', ip: from.ip });
    return this.unitOfWork.run(async (tx) => {
      // The lock on the senior lets a withdrawal come before or after, never in between.
      const record = await this.records.findActive(seniorId, actor, tx, true);
      requireFaceAge(record.birthDate, this.clock.today());
      const { roaming, formerDays } = await this.consents.require(tx, record);
      const templates: NewTemplate[] = [];
      for (const capture of capturesOf(request)) templates.push(await this.taken(capture));
      const replaced = await this.faces.find(record.personCode, tx) !== null;
      if (from !== 'demo-kiosk' && colleague === null) throw new DomainError('FACE.SECOND_PERSON', 'refused');
      const { replacedFaceOf } = request;
      await this.faces.put(tx, { personCode: record.personCode, pointId: record.pointId, roaming, templates, formerDays: replacedFaceOf === 'senior' ? formerDays : 0 });
      const models = templates.map(({ modelId }) => modelId).join(',');
      await this.records.note(tx, actor, 'face.enrolled', seniorId, { modelId: models, replaced, ...(replaced && replacedFaceOf !== undefined ? { replacedFaceOf } : {}), ...(colleague === null ? {} : { colleague }) });
      await this.confirm.tell(tx, 'face-enrolled', seniorId, record.pointId);
      return { personCode: record.personCode, modelId: request.modelId, quality: Math.min(...templates.map(({ quality }) => quality)) };
    });
  }

  /** What the server may look into, where it was sent; of a closed template it knows the model and what the station says of the quality. */
  private async taken({ modelId, frames, sealed }: FaceCapture): Promise<NewTemplate> {
    const closed = sealed === undefined ? null : { keyId: sealed.keyId, box: sealed.box };
    if (frames !== undefined) return { modelId, sealed: closed, ...await this.buildTemplate.execute({ modelId, frames }) };
    const quality = sealed?.quality ?? 0;
    await this.buildTemplate.requireSealable(modelId, quality);
    return { modelId, sealed: closed, template: null, quality };
  }
}
