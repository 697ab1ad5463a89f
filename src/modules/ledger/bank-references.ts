import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';

/** What a bank reference proves. */
export type BankReferenceUse = 'claim' | 'advance' | 'own-part' | 'receipt' | 'return';

/** A bank reference proves one payment or receipt of a street, of whatever kind: the same money is never booked twice. */
@Injectable()
export class BankReferences {
  constructor(private readonly clock: Clock) {}

  /** @returns false where something of the street stands under this reference already */
  async use(tx: EntityManager, of: { readonly streetId: string; readonly reference: string; readonly by: BankReferenceUse; readonly id: string }): Promise<boolean> {
    try {
      await tx.query('INSERT INTO bank_reference (street_id, reference, used_by, used_by_id, used_at) VALUES (?)', [[of.streetId, of.reference, of.by, of.id, this.clock.now()]]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** What was entered under the reference never happened: it may be entered rightly. */
  async release(tx: EntityManager, streetId: string, reference: string): Promise<void> {
    await tx.query('DELETE FROM bank_reference WHERE street_id = ? AND reference = ?', [streetId, reference]);
  }
}
