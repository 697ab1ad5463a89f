import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { requireNewStay, type Stay, type StayKind } from '../../domain/persons/index.js';

export interface RecordedStay extends Stay { readonly id: string }

const STAYS = `SELECT id, kind, from_day AS fromDay, to_day AS toDay FROM senior_stay WHERE senior_id = ? AND active = 1 ORDER BY from_day, id`;

/** Stays in nursing homes and hospitals. A row bears the id of the event that told of it. */
@Injectable()
export class SeniorStays {
  constructor(private readonly dataSource: DataSource) {}

  async of(seniorId: string, tx: EntityManager = this.dataSource.manager): Promise<RecordedStay[]> {
    return tx.query<RecordedStay[]>(STAYS, [seniorId]);
  }

  /** The caller holds the senior's row. @throws DomainError STAY.DAYS_EMPTY, STAY.OVERLAPS */
  async add(tx: EntityManager, stay: Stay & { eventId: string; seniorId: string }): Promise<void> {
    requireNewStay(await this.of(stay.seniorId, tx), stay);
    await tx.query('INSERT INTO senior_stay (id, senior_id, kind, from_day, to_day, active) VALUES (?, ?, ?, ?, ?, 1)',
      [stay.eventId, stay.seniorId, stay.kind, stay.fromDay, stay.toDay]);
  }

  /** The stay of a kind that is open or ends after `day`; null where there is none. */
  async current(tx: EntityManager, seniorId: string, kind: StayKind, day: BusinessDay): Promise<RecordedStay | null> {
    return (await this.of(seniorId, tx)).find((stay) => stay.kind === kind && stay.fromDay <= day && (stay.toDay === null || stay.toDay > day)) ?? null;
  }

  /** Ends a stay on the day of return. */
  async end(tx: EntityManager, stayId: string, toDay: BusinessDay | null): Promise<void> {
    await tx.query('UPDATE senior_stay SET to_day = ? WHERE id = ?', [toDay, stayId]);
  }

  /** A stay that was reported by mistake never held. */
  async withdraw(tx: EntityManager, stayId: string): Promise<void> {
    await tx.query('UPDATE senior_stay SET active = NULL WHERE id = ?', [stayId]);
  }
}
