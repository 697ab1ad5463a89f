import { Injectable } from '@nestjs/common';
import type { RevealIdNumberRequest } from '../../contract/seniors.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { IdentityColumns } from './identity-columns.js';
import { SeniorRecords } from './senior-records.js';

/** Shows a whole ID number, to one person, for a reason, on record. */
@Injectable()
export class RevealIdNumber {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly columns: IdentityColumns,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  async execute(seniorId: string, request: RevealIdNumberRequest, actor: Actor): Promise<{ idNumber: string }> {
    // The line and the answer belong together: without the line committed nobody sees the number.
    return this.unitOfWork.run(async (tx) => {
      const record = await this.records.find(seniorId, actor, tx);
      await this.records.note(tx, actor, 'senior.id-number-revealed', seniorId, { reason: request.reason });
      return { idNumber: this.columns.open(record.idNumberCipher) };
    });
  }
}
