import { Injectable } from '@nestjs/common';
import type { RevealNumberRequest } from '../../contract/seniors.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { IdentityColumns } from './identity-columns.js';
import { SeniorRecords, type SeniorRecord } from './senior-records.js';

/** Shows a whole ID or telephone number, to one person, for a reason, on record. */
@Injectable()
export class RevealNumber {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly columns: IdentityColumns,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  async idNumber(seniorId: string, request: RevealNumberRequest, actor: Actor): Promise<{ idNumber: string }> {
    return { idNumber: await this.reveal(seniorId, request, actor, 'senior.id-number-revealed', 'idNumberCipher') };
  }

  /** @throws DomainError SENIOR.NOT_FOUND */
  async phone(seniorId: string, request: RevealNumberRequest, actor: Actor): Promise<{ phone: string }> {
    return { phone: await this.reveal(seniorId, request, actor, 'senior.phone-revealed', 'phoneCipher') };
  }

  private async reveal(
    seniorId: string, request: RevealNumberRequest, actor: Actor, action: string, column: keyof Pick<SeniorRecord, 'idNumberCipher' | 'phoneCipher'>,
  ): Promise<string> {
    // The line and the answer belong together: without the line committed nobody sees the number.
    return this.unitOfWork.run(async (tx) => {
      const record = await this.records.find(seniorId, actor, tx);
      await this.records.note(tx, actor, action, seniorId, { reason: request.reason });
      return this.columns.open(record[column]);
    });
  }
}
