import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InvariantError } from '../../../domain/kernel/domain-error.js';
import { Clock } from '../../../infra/clock/clock.js';
import { UnitOfWork } from '../../../infra/database/unit-of-work.js';
import { Upkeep } from '../../../infra/upkeep/upkeep.js';
import { linesOf, ROLLUP_KEY, ROLLUP_LINES, sealedEvents } from './rollup-lines.js';

/** Seals in one transaction: a reader of the state never waits long, and the database groups them in memory. */
const BATCH = 5_000;

/**
 * Adds meals and reversals up by day, point, payer and what else a claim names. It follows the journal's chain, whose
 * sequence has no gaps and grows in the order in which transfers became visible: a transfer that committed late is
 * sealed late, and so never skipped. Payments write nothing here; the state row lets one batch run at a time.
 */
@Injectable()
export class MealRollup implements OnModuleInit {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly clock: Clock, private readonly upkeep: Upkeep) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'meal-rollup', run: () => this.catchUp() });
  }

  /** Adds every seal that is not in the sums yet. @returns seals added */
  async catchUp(batch = BATCH): Promise<number> {
    let total = 0;
    for (;;) {
      const added = await this.unitOfWork.run((tx) => this.advance(tx, batch));
      total += added;
      if (added < batch) return total;
    }
  }

  /** Forgets every sum and adds the whole journal again. @returns seals added */
  async rebuild(onBatch: (throughSeq: number) => void = () => undefined): Promise<number> {
    await this.unitOfWork.run(async (tx) => {
      await this.lockedThrough(tx);
      for (const table of ['meal_rollup', 'meal_rollup_month', 'meal_rollup_person', 'meal_rollup_late']) await tx.query(`DELETE FROM ${table}`);
      await tx.query("UPDATE meal_rollup_state SET through_seq = 0, rebuilt_at = ? WHERE name = 'meals'", [this.clock.now()]);
    });
    let total = 0;
    for (;;) {
      const added = await this.unitOfWork.run((tx) => this.advance(tx, BATCH));
      total += added;
      onBatch(total);
      if (added < BATCH) return total;
    }
  }

  private async lockedThrough(tx: EntityManager): Promise<number> {
    const [state] = await tx.query<{ through: string }[]>("SELECT through_seq AS through FROM meal_rollup_state WHERE name = 'meals' FOR UPDATE");
    if (state === undefined) throw new InvariantError('the roll-up has no state row');
    return Number(state.through);
  }

  private async advance(tx: EntityManager, batch: number): Promise<number> {
    const after = await this.lockedThrough(tx);
    const [found] = await tx.query<{ seals: string; top: string | null }[]>(
      'SELECT COUNT(*) AS seals, MAX(seq) AS top FROM journal_seal WHERE seq > ? AND seq <= ?', [after, after + batch],
    );
    const seals = Number(found?.seals ?? 0);
    if (seals === 0) return 0;
    const through = Number(found?.top);
    if (through !== after + seals) throw new InvariantError(`the journal's chain has a gap after ${after}`);
    await this.addSums(tx, after, through);
    await this.addPersons(tx, after, through);
    await this.addLate(tx, after, through);
    await tx.query("UPDATE meal_rollup_state SET through_seq = ?, advanced_at = ? WHERE name = 'meals'", [through, this.clock.now()]);
    return seals;
  }

  private async addSums(tx: EntityManager, after: number, through: number): Promise<void> {
    const sums = ['meals', 'subsidised', 'gross_fen', 'due_fen', 'amount_fen'];
    for (const line of ROLLUP_LINES) {
      const lines = linesOf(line, sealedEvents(after, through));
      const target = ROLLUP_KEY.replace('business_day', 'month');
      const months = ROLLUP_KEY.replace('business_day', "DATE_FORMAT(business_day, '%Y-%m') AS month");
      for (const [table, key, columns] of [['meal_rollup', ROLLUP_KEY, ROLLUP_KEY], ['meal_rollup_month', target, months]] as const) {
        await tx.query(
          `INSERT INTO ${table} (${key}, ${sums.join(', ')})
           SELECT ${columns}, ${sums.map((sum) => `SUM(${sum})`).join(', ')} FROM (${lines.text}) x GROUP BY ${key}
           ON DUPLICATE KEY UPDATE ${sums.map((sum) => `${sum} = ${sum} + VALUES(${sum})`).join(', ')}`,
          [...lines.params],
        );
      }
    }
  }

  /** A meal taken back in a later month was eaten by nobody less in that month. */
  private async addPersons(tx: EntityManager, after: number, through: number): Promise<void> {
    for (const line of ['meal', 'relief'] as const) {
      const lines = linesOf(line, sealedEvents(after, through));
      await tx.query(
        `INSERT INTO meal_rollup_person (party_code, month, point_id, operator_id, age_tier, category_code, senior_id, meals)
         SELECT party_code, DATE_FORMAT(business_day, '%Y-%m') AS month, point_id, operator_id, age_tier, category_code, senior_id, SUM(sign * meals)
         FROM (${lines.text}) x WHERE senior_id IS NOT NULL AND meals = 1 AND meal_month = DATE_FORMAT(business_day, '%Y-%m')
         GROUP BY party_code, month, point_id, operator_id, age_tier, category_code, senior_id
         ON DUPLICATE KEY UPDATE meals = meals + VALUES(meals)`,
        [...lines.params],
      );
    }
  }

  /** A month in Shanghai, eight hours ahead of the stored instant all year round. */
  private async addLate(tx: EntityManager, after: number, through: number): Promise<void> {
    const events = sealedEvents(after, through);
    await tx.query(
      `INSERT INTO meal_rollup_late (seq, meal_id, sign, business_day, point_id, operator_id)
       SELECT e.seq, e.meal_id, e.sign, e.day, m.point_id, m.operator_id FROM (${events.text}) e JOIN meal m ON m.id = e.meal_id
       WHERE DATE_FORMAT(e.sealed_at + INTERVAL 8 HOUR, '%Y-%m') > DATE_FORMAT(e.day, '%Y-%m')`,
      [...events.params],
    );
  }
}
