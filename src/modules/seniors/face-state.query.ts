import { Injectable } from '@nestjs/common';
import type { FaceStateAnswer } from '../../contract/seniors.js';
import type { Actor } from '../../infra/http/actor.js';
import { FaceStore, KioskReceiptsQuery } from '../faces/index.js';
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
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  async run(seniorId: string, actor: Actor): Promise<FaceStateAnswer> {
    const record = await this.records.find(seniorId, actor);
    const [{ face }, stored, receipts] = await Promise.all([
      this.detail.run(seniorId, actor), this.faces.find(record.personCode), this.receipts.run(record.personCode),
    ]);
    return {
      face, modelId: stored?.modelId ?? null, quality: stored?.quality ?? null,
      enrolledAt: stored?.createdAt.toISOString() ?? null, roaming: stored?.roaming ?? false, ...receipts,
    };
  }
}
