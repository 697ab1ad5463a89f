import { Injectable } from '@nestjs/common';
import type { SetDietsRequest } from '../../contract/seniors.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { SeniorRecords } from './senior-records.js';

/** What the kitchen has to leave out or prepare otherwise. */
@Injectable()
export class SetDiets {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  async execute(seniorId: string, request: SetDietsRequest, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      await this.records.find(seniorId, actor, tx, true);
      const diets = [...new Set(request.diets)];
      await tx.query('DELETE FROM senior_diet WHERE senior_id = ?', [seniorId]);
      for (const code of diets) await tx.query('INSERT INTO senior_diet (senior_id, code) VALUES (?, ?)', [seniorId, code]);
      await this.records.note(tx, actor, 'senior.diets-set', seniorId, { diets: diets.join(',') });
    });
    return { done: true };
  }
}
