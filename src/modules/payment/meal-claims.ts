import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealId, SeniorId } from '../../domain/kernel/ids.js';
import { fen } from '../../domain/kernel/money.js';
import { slotCounts, slotDay, slotDays, type UsedAmount } from '../../domain/pricing/index.js';
import { affectedRows } from '../../infra/database/columns.js';
import { isDuplicateKey, StaleRead } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { Diner } from '../seniors/index.js';
import type { PricedMeal } from './priced-meal.js';

/** What a senior has had already, as a price depends on it. */
export interface UsedEntitlement {
  readonly slots: string[];
  readonly amounts: UsedAmount[];
}

/**
 * The entitlement that meals hold: named slots of a day, week or month, and amounts per unit. Each is guarded by a row of
 * the senior alone, so that two kiosks cannot pass a cap together and no two seniors ever wait for each other.
 */
@Injectable()
export class MealClaims {
  /** One question. @param amountKeys units whose amounts the policy limits on that day */
  async used(tx: EntityManager, seniorId: SeniorId, day: BusinessDay, amountKeys: readonly string[]): Promise<UsedEntitlement> {
    const rows = await tx.query<{ name: string; day: BusinessDay | null; amountFen: string | number | null }[]>(
      `SELECT slot AS name, business_day AS day, NULL AS amountFen FROM entitlement_use WHERE senior_id = ? AND business_day IN (?) AND active = 1
       ${amountKeys.length === 0 ? '' : 'UNION ALL SELECT unit_key, NULL, used_fen FROM entitlement_amount WHERE senior_id = ? AND unit_key IN (?) AND used_fen > 0'} ORDER BY name`,
      [seniorId, slotDays(day), ...(amountKeys.length === 0 ? [] : [seniorId, amountKeys])],
    );
    return {
      slots: rows.flatMap((row) => (row.day !== null && slotCounts(row.name, row.day, day) ? [row.name] : [])),
      amounts: rows.flatMap((row) => (row.amountFen === null ? [] : [{ key: row.name, amountFen: fen(Number(row.amountFen)) }])),
    };
  }

  /** The same for many people at once; who has used nothing is not among them. */
  async usedByEach(tx: EntityManager, seniorIds: readonly SeniorId[], day: BusinessDay, amountKeys: readonly string[]): Promise<Map<SeniorId, UsedEntitlement>> {
    const used = new Map<SeniorId, UsedEntitlement>();
    if (seniorIds.length === 0) return used;
    const noted = (seniorId: SeniorId): UsedEntitlement => {
      const own = used.get(seniorId) ?? { slots: [], amounts: [] };
      used.set(seniorId, own);
      return own;
    };
    const rows = await tx.query<{ seniorId: SeniorId; slot: string; day: BusinessDay }[]>(
      `SELECT senior_id AS seniorId, slot, business_day AS day FROM entitlement_use
       WHERE senior_id IN (?) AND business_day IN (?) AND active = 1 ORDER BY slot`, [seniorIds, slotDays(day)],
    );
    for (const row of rows) if (slotCounts(row.slot, row.day, day)) noted(row.seniorId).slots.push(row.slot);
    const amounts = amountKeys.length === 0 ? [] : await tx.query<{ seniorId: SeniorId; unitKey: string; amountFen: string | number }[]>(
      `SELECT senior_id AS seniorId, unit_key AS unitKey, used_fen AS amountFen FROM entitlement_amount
       WHERE senior_id IN (?) AND unit_key IN (?) AND used_fen > 0 ORDER BY unit_key`, [seniorIds, amountKeys],
    );
    for (const { seniorId, unitKey, amountFen } of amounts) noted(seniorId).amounts.push({ key: unitKey, amountFen: fen(Number(amountFen)) });
    return used;
  }

  /**
   * Claims what makes a second sale of the same meal impossible and what keeps the caps. First of all writes, so that a
   * twin waits here and not with half of its work done.
   *
   * @throws DomainError PAYMENT.ALREADY_SERVED; StaleRead where another meal took a slot or an amount that the price
   *   was made with: the unit of work prices again
   */
  async claim(tx: EntityManager, mealId: MealId, priced: PricedMeal, diner: Diner): Promise<void> {
    const { businessDay, period } = priced.offer;
    const mealSlot = `meal:${period}`;
    const rows = [mealSlot, ...priced.quote.entitlementSlots]
      .map((slot) => [newId(), diner.seniorId, slotDay(slot, businessDay), slot, mealId, 1]);
    try {
      await tx.query('INSERT INTO entitlement_use (id, senior_id, business_day, slot, meal_id, active) VALUES ?', [rows]);
    } catch (error) {
      if (!isDuplicateKey(error, 'uq_entitlement_use')) throw error;
      const served = await tx.query<unknown[]>(
        'SELECT 1 FROM entitlement_use WHERE senior_id = ? AND business_day = ? AND slot = ? AND active = 1', [diner.seniorId, businessDay, mealSlot],
      );
      throw served.length > 0 ? new DomainError('PAYMENT.ALREADY_SERVED', 'conflict') : new StaleRead();
    }
    await this.claimAmounts(tx, mealId, priced, diner.seniorId);
  }

  /** Gives back all that a meal holds; for whoever reverses a meal, in the same transaction. Once per meal. */
  async release(tx: EntityManager, mealId: string): Promise<void> {
    await tx.query('UPDATE entitlement_use SET active = NULL WHERE meal_id = ? AND active = 1', [mealId]);
    const uses = await tx.query<{ seniorId: string; unitKey: string; amountFen: string | number }[]>(
      `SELECT senior_id AS seniorId, unit_key AS unitKey, amount_fen AS amountFen FROM entitlement_amount_use
       WHERE meal_id = ? AND active = 1 ORDER BY unit_key FOR UPDATE`,
      [mealId],
    );
    for (const { seniorId, unitKey, amountFen } of uses) {
      await tx.query('UPDATE entitlement_amount SET used_fen = used_fen - ? WHERE senior_id = ? AND unit_key = ?', [Number(amountFen), seniorId, unitKey]);
    }
    if (uses.length > 0) await tx.query('UPDATE entitlement_amount_use SET active = NULL WHERE meal_id = ? AND active = 1', [mealId]);
  }

  /**
   * Two records became one person: what the given-up record's meals hold counts for the one that stands. Where both had a
   * meal of one slot, both stay with who ate; the caller holds both records.
   */
  async moveTo(tx: EntityManager, givenId: string, intoId: string): Promise<void> {
    await tx.query('UPDATE IGNORE entitlement_use SET senior_id = ? WHERE senior_id = ? AND active = 1', [intoId, givenId]);
    await this.moveAmounts(tx, givenId, intoId, 'senior_id = ?', [givenId]);
  }

  /** The merge was a mistake: what the meals of the given-up record hold goes back to it. */
  async moveBack(tx: EntityManager, givenId: string, intoId: string): Promise<void> {
    const ofGiven = 'meal_id IN (SELECT id FROM meal WHERE senior_id = ? OR senior_id IN (SELECT senior_id FROM person_merge WHERE into_senior_id = ?))';
    await tx.query(`UPDATE IGNORE entitlement_use SET senior_id = ? WHERE senior_id = ? AND active = 1 AND ${ofGiven}`, [givenId, intoId, givenId, givenId]);
    await this.moveAmounts(tx, intoId, givenId, `senior_id = ? AND ${ofGiven}`, [intoId, givenId, givenId]);
  }

  private async moveAmounts(tx: EntityManager, fromId: string, toId: string, where: string, params: readonly string[]): Promise<void> {
    const sums = await tx.query<{ unitKey: string; amountFen: string }[]>(
      `SELECT unit_key AS unitKey, SUM(amount_fen) AS amountFen FROM entitlement_amount_use WHERE active = 1 AND ${where} GROUP BY unit_key ORDER BY unit_key`, [...params],
    );
    for (const { unitKey, amountFen } of sums) {
      await tx.query('UPDATE entitlement_amount SET used_fen = used_fen - ? WHERE senior_id = ? AND unit_key = ?', [Number(amountFen), fromId, unitKey]);
      await tx.query('INSERT INTO entitlement_amount (senior_id, unit_key, used_fen) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE used_fen = used_fen + ?', [toId, unitKey, Number(amountFen), Number(amountFen)]);
    }
    await tx.query(`UPDATE entitlement_amount_use SET senior_id = ? WHERE active = 1 AND ${where}`, [toId, ...params]);
  }

  /** One conditional update for all units of the meal: each changes only on the amount that the price was made with, and all must. */
  private async claimAmounts(tx: EntityManager, mealId: MealId, { facts, quote }: PricedMeal, seniorId: SeniorId): Promise<void> {
    const claimed = [...quote.entitlementAmounts].sort((a, b) => (a.key < b.key ? -1 : 1));
    if (claimed.length === 0) return;
    const usedFen = (key: string): number => facts.usedAmounts?.find((used) => used.key === key)?.amountFen ?? 0;
    const fresh = claimed.filter(({ key }) => usedFen(key) === 0);
    if (fresh.length > 0) await tx.query('INSERT IGNORE INTO entitlement_amount (senior_id, unit_key, used_fen) VALUES ?', [fresh.map(({ key }) => [seniorId, key, 0])]);
    const changed: unknown = await tx.query(
      `UPDATE entitlement_amount SET used_fen = used_fen + CASE unit_key ${claimed.map(() => 'WHEN ? THEN ?').join(' ')} END
       WHERE senior_id = ? AND (unit_key, used_fen) IN (${claimed.map(() => '(?, ?)').join(', ')})`,
      [...claimed.flatMap(({ key, amountFen }) => [key, amountFen]), seniorId, ...claimed.flatMap(({ key }) => [key, usedFen(key)])],
    );
    if (affectedRows(changed) !== claimed.length) throw new StaleRead();
    await tx.query('INSERT INTO entitlement_amount_use (meal_id, unit_key, senior_id, amount_fen, active) VALUES ?',
      [claimed.map(({ key, amountFen }) => [mealId, key, seniorId, amountFen, 1])]);
  }
}
