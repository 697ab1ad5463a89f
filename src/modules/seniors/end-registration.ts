import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { EndFaceUse } from './end-face-use.js';
import type { SeniorRecord } from './senior-records.js';

/** What stood before a registration ended, by which it can be restored. */
export interface EndedRegistration {
  readonly status: string;
  readonly statusFrom: BusinessDay | null;
  /** Keyed hashes of the cards that were blocked. */
  readonly cards: readonly string[];
  /** Categories that were shortened, with the end they had. */
  readonly categories: readonly { readonly id: string; readonly validTo: BusinessDay | null }[];
  /** Acts of consent that were ended; they are not restored, because nobody may consent for the senior afterwards. */
  readonly consentsEnded: number;
}

/** Ends what a person has here when they die, move away or turn out to be somebody else: face, cards, entitlement. */
@Injectable()
export class EndRegistration {
  constructor(private readonly endFaceUse: EndFaceUse) {}

  /**
   * In the caller's transaction, which holds the senior's row.
   *
   * @param from the first day without entitlement; categories that begin later are left, because they never hold
   */
  async execute(
    tx: EntityManager, senior: SeniorRecord, end: { status: 'moved' | 'deceased' | 'merged'; from: BusinessDay; staffId: string },
  ): Promise<EndedRegistration> {
    const cards = await tx.query<{ hash: string }[]>('SELECT card_hash AS hash FROM senior_card WHERE senior_id = ? AND active = 1', [senior.id]);
    const categories = await tx.query<{ id: string; validTo: BusinessDay | null }[]>(
      `SELECT id, valid_to AS validTo FROM senior_category WHERE senior_id = ? AND status = 'approved' AND valid_from < ? AND (valid_to IS NULL OR valid_to > ?)`,
      [senior.id, end.from, end.from],
    );
    await tx.query('UPDATE senior SET status = ?, status_from = ? WHERE id = ?', [end.status, end.from, senior.id]);
    await tx.query('UPDATE senior_card SET active = 0 WHERE senior_id = ?', [senior.id]);
    if (categories.length > 0) await tx.query('UPDATE senior_category SET valid_to = ? WHERE id IN (?)', [end.from, categories.map(({ id }) => id)]);
    const consentsEnded = await this.endFaceUse.execute(tx, senior, 'face-point', end.staffId);
    return { status: senior.status, statusFrom: senior.statusFrom, cards: cards.map(({ hash }) => hash), categories, consentsEnded };
  }

  /** Puts back what stood there. Consents and the face stay ended: they are given and captured anew. */
  async restore(tx: EntityManager, seniorId: string, ended: EndedRegistration): Promise<void> {
    await tx.query('UPDATE senior SET status = ?, status_from = ? WHERE id = ?', [ended.status, ended.statusFrom, seniorId]);
    if (ended.cards.length > 0) await tx.query('UPDATE senior_card SET active = 1 WHERE senior_id = ? AND card_hash IN (?)', [seniorId, ended.cards]);
    for (const { id, validTo } of ended.categories) await tx.query('UPDATE senior_category SET valid_to = ? WHERE id = ?', [validTo, id]);
  }
}
