import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { AuditTrail } from '../audit/index.js';

/** What each street keeps for so many days and no longer. */
export interface StreetTerm {
  /** As it stands in the record, where anything went. */
  readonly action: string;
  /** What is counted there. */
  readonly counted: string;
  readonly keptDays: (streetId: string, tx: EntityManager) => Promise<number>;
  /** @returns how many went */
  readonly erase: (tx: EntityManager, streetId: string, keptDays: number) => Promise<number>;
}

/** Regular work that each street sets the days of, done for one street after another. */
@Injectable()
export class StreetRounds {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail) {}

  /** @returns the sum of what was done */
  async each(work: (streetId: string) => Promise<number>): Promise<number> {
    const streets = await this.unitOfWork.reader.query<{ id: string }[]>('SELECT id FROM street ORDER BY id');
    let done = 0;
    for (const { id } of streets) done += await work(id);
    return done;
  }

  /** Erases what is over, and puts it on record with it. @returns how many went */
  letGo({ action, counted, keptDays, erase }: StreetTerm): Promise<number> {
    return this.each((streetId) => this.unitOfWork.run(async (tx) => {
      const days = await keptDays(streetId, tx);
      const gone = await erase(tx, streetId, days);
      if (gone > 0) {
        await this.audit.record({ actorKind: 'system', actorId: null, action, objectKind: 'street', objectId: streetId, outcome: 'done', detail: { [counted]: gone, keptDays: days } }, tx);
      }
      return gone;
    }));
  }
}
