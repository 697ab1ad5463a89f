import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { isEasyPin } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { hashPassword, passwordMatches } from '../access/index.js';
import { IdentityColumns } from './identity-columns.js';
import { SeniorRecords } from './senior-records.js';

/** The secrets of four digits by which seniors prove at a kiosk that the phone digits are theirs. Never told back, by no route. */
@Injectable()
export class SeniorPins {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly columns: IdentityColumns, private readonly clock: Clock,
  ) {}

  /** Typed by the senior at the desk; replaces an earlier one. @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOT_ACTIVE, SENIOR.PIN_EASY */
  async set(seniorId: string, pin: string, actor: Actor): Promise<{ done: true }> {
    const pinHash = await hashPassword(pin);
    await this.unitOfWork.run(async (tx) => {
      const record = await this.records.findActive(seniorId, actor, tx);
      if (isEasyPin(pin, record.birthDate, this.columns.open(record.phoneCipher))) throw new DomainError('SENIOR.PIN_EASY', 'refused');
      await tx.query('REPLACE INTO senior_pin (senior_id, pin_hash, set_at) VALUES (?, ?, ?)', [seniorId, pinHash, this.clock.now()]);
      await this.records.note(tx, actor, 'senior.pin-set', seniorId, {});
    });
    return { done: true };
  }

  /** Forgets it: the digits alone serve again. @throws DomainError SENIOR.NOT_FOUND */
  async remove(seniorId: string, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      await this.records.find(seniorId, actor, tx);
      await tx.query('DELETE FROM senior_pin WHERE senior_id = ?', [seniorId]);
      await this.records.note(tx, actor, 'senior.pin-removed', seniorId, {});
    });
    return { done: true };
  }

  /** Which of these seniors have one. */
  async holders(tx: EntityManager, seniorIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (seniorIds.length === 0) return new Set();
    const rows = await tx.query<{ seniorId: string }[]>('SELECT senior_id AS seniorId FROM senior_pin WHERE senior_id IN (?)', [seniorIds]);
    return new Set(rows.map(({ seniorId }) => seniorId));
  }

  /** Takes the same time for whoever has none. */
  async matches(tx: EntityManager, seniorId: string, pin: string): Promise<boolean> {
    const [row] = await tx.query<{ pinHash: string }[]>('SELECT pin_hash AS pinHash FROM senior_pin WHERE senior_id = ?', [seniorId]);
    return passwordMatches(pin, row?.pinHash ?? null);
  }
}
