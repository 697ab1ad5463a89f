import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { allowsFaceAt, allowsRoaming, type ConsentPurpose } from '../../domain/persons/index.js';
import { FormerFaceTerm } from '../faces/index.js';
import type { SeniorRecord } from './senior-records.js';

/** What the consents that stand allow a senior's face to be used for. */
@Injectable()
export class FaceConsents {
  constructor(private readonly term: FormerFaceTerm) {}

  /**
   * In the caller's transaction, which holds the senior's row: a withdrawal comes before it or after it.
   *
   * @returns whether roaming is allowed, and for how many days the face before may be kept: what the street keeps today, and
   *   never longer than the words of the consent said
   * @throws DomainError FACE.CONSENT_MISSING
   */
  async require(tx: EntityManager, record: Pick<SeniorRecord, 'id' | 'pointId' | 'streetId'>): Promise<{ roaming: boolean; formerDays: number }> {
    const acts = await tx.query<{ purpose: ConsentPurpose; pointId: string | null; formerDays: number | null }[]>(
      'SELECT purpose, point_id AS pointId, former_face_days AS formerDays FROM consent WHERE senior_id = ? AND withdrawn_at IS NULL FOR UPDATE', [record.id],
    );
    const standing = acts.map((act) => ({ ...act, withdrawn: false }));
    if (!allowsFaceAt(standing, record.pointId)) throw new DomainError('FACE.CONSENT_MISSING', 'refused');
    const named = standing.find((act) => act.purpose === 'face-point' && act.pointId === record.pointId)?.formerDays ?? 0;
    return { roaming: allowsRoaming(standing), formerDays: Math.min(named, await this.term.ofStreet(record.streetId, tx)) };
  }
}
