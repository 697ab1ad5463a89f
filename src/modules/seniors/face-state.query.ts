import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FaceStateAnswer } from '../../contract/seniors.js';
import type { Actor } from '../../infra/http/actor.js';
import { FaceStore, FormerFaces, FormerFaceTerm, GalleryKeyBook, KioskReceiptsQuery } from '../faces/index.js';
import { SeniorDetailQuery } from './senior-detail.query.js';
import { SeniorRecords } from './senior-records.js';

/** Where a senior's face stands and which kiosks have done what they were last told about it. Never a template. */
@Injectable()
export class FaceStateQuery {
  constructor(
    private readonly records: SeniorRecords,
    private readonly detail: SeniorDetailQuery,
    private readonly faces: FaceStore,
    private readonly receipts: KioskReceiptsQuery,
    private readonly keys: GalleryKeyBook,
    private readonly former: FormerFaces,
    private readonly term: FormerFaceTerm,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  async run(seniorId: string, actor: Actor): Promise<FaceStateAnswer> {
    const record = await this.records.find(seniorId, actor);
    const [{ face }, stored, receipts, key, former, formerFaceDays] = await Promise.all([
      this.detail.run(seniorId, actor), this.faces.find(record.personCode), this.receipts.run(record.personCode),
      this.keys.current(this.dataSource.manager, record.pointId), this.former.list(record.personCode, record.pointId), this.term.ofStreet(record.streetId),
    ]);
    return {
      face, modelId: stored?.modelId ?? null, quality: stored?.quality ?? null,
      enrolledAt: stored?.createdAt.toISOString() ?? null, roaming: stored?.roaming ?? false,
      sealed: stored?.sealed ?? false, serverCopy: stored?.serverCopy ?? false,
      formerFaceDays,
      former: former.map((one) => ({ ...one, enrolledAt: one.enrolledAt.toISOString(), replacedAt: one.replacedAt.toISOString(), keepUntil: one.keepUntil.toISOString() })),
      sealTo: key === null ? null : { pointId: record.pointId, keyId: key.keyId, publicKey: key.publicKey }, ...receipts,
    };
  }
}
