import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { firstDayOf, lastDayOf, type ClaimMonth } from '../../../domain/settlement/index.js';
import type { Sql } from '../meal-lines.js';
import { differingGroups, differingLate, differingPersons, type RollupDifference } from './rollup-groups.query.js';

export type { RollupDifference } from './rollup-groups.query.js';

export interface RollupVerdict {
  readonly throughSeq: number;
  /** Transfers sealed, but not added up yet. */
  readonly waiting: number;
  /** Figures compared. */
  readonly figures: number;
  readonly differences: readonly RollupDifference[];
}

type Source = 'rollup' | 'events' | 'ledger';
interface FigureRow { pointId: string; day: string; what: string; amount: string }

/**
 * Counts a month three times over: from the roll-up, from meals and reversals, and from the ledger's own entries, per
 * point and day; and every group, person and late event of the month from the roll-up and from the meals. Only what the roll-up has
 * seen is compared, so that a payment of this moment is no difference.
 */
@Injectable()
export class RollupCheck {
  constructor(private readonly dataSource: DataSource) {}

  /** The month of every point of the installation. */
  async everyPoint(month: ClaimMonth): Promise<RollupVerdict> {
    const points = await this.dataSource.query<{ id: string }[]>('SELECT id FROM point');
    return this.month(points.map((point) => point.id), month);
  }

  /** In one snapshot of the database. */
  async month(pointIds: readonly string[], month: ClaimMonth): Promise<RollupVerdict> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const [state] = await tx.query<{ through: string; newest: string | null }[]>(
        "SELECT through_seq AS through, (SELECT MAX(seq) FROM journal_seal) AS newest FROM meal_rollup_state WHERE name = 'meals'");
      const throughSeq = Number(state?.through ?? 0);
      const figures = new Map<string, Record<Source, number>>();
      const groups: RollupDifference[] = [];
      if (pointIds.length > 0) {
        const days = [firstDayOf(month), lastDayOf(month)];
        await this.fromRollup(tx, figures, pointIds, days);
        for (const sign of [1, -1] as const) {
          await this.fromEvents(tx, figures, eventsOf(sign, pointIds, days, throughSeq));
          await this.fromLedger(tx, figures, sign, eventsOf(sign, pointIds, days, throughSeq));
        }
        const events = { [1]: eventsOf(1, pointIds, days, throughSeq), [-1]: eventsOf(-1, pointIds, days, throughSeq) } as const;
        groups.push(...await differingGroups(tx, pointIds, month, events), ...await differingPersons(tx, pointIds, month, events), ...await differingLate(tx, pointIds, month, throughSeq, (sign, span) => eventsOf(sign, pointIds, span, throughSeq)));
      }
      return { throughSeq, waiting: Number(state?.newest ?? 0) - throughSeq, figures: figures.size, differences: inOrder([...differing(figures), ...groups]) };
    });
  }

  private async fromRollup(tx: EntityManager, figures: Figures, pointIds: readonly string[], days: readonly string[]): Promise<void> {
    const where = 'point_id IN (?) AND business_day BETWEEN ? AND ?';
    const rows = await tx.query<FigureRow[]>(
      `SELECT point_id AS pointId, business_day AS day, CONCAT(line, ' ', party_code) AS what, SUM(sign * amount_fen) AS amount
       FROM meal_rollup WHERE ${where} AND line <> 'meal' GROUP BY point_id, business_day, line, party_code
       UNION ALL
       SELECT point_id, business_day, 'meals', SUM(sign * meals) FROM meal_rollup WHERE ${where} AND line = 'meal' GROUP BY point_id, business_day
       UNION ALL
       SELECT point_id, business_day, 'due', SUM(sign * due_fen) FROM meal_rollup WHERE ${where} AND line = 'meal' GROUP BY point_id, business_day
       UNION ALL
       SELECT point_id, business_day, 'operator', SUM(sign * IF(line = 'meal', gross_fen, amount_fen)) FROM meal_rollup
       WHERE ${where} AND line IN ('meal', 'operator-payment') GROUP BY point_id, business_day`,
      [pointIds, ...days, pointIds, ...days, pointIds, ...days, pointIds, ...days],
    );
    for (const row of rows) note(figures, 'rollup', { ...row, what: merged(row.what) }, 1);
  }

  private async fromEvents(tx: EntityManager, figures: Figures, events: Sql): Promise<void> {
    const sums = [
      ['meals', 'SUM(e.sign)', ''], ['due', 'SUM(e.sign * m.due_fen)', ''], ['operator', 'SUM(e.sign * m.gross_fen)', ''],
    ] as const;
    for (const [what, sum] of sums) {
      for (const row of await tx.query<FigureRow[]>(
        `SELECT m.point_id AS pointId, e.day, '${what}' AS what, ${sum} AS amount FROM (${events.text}) e JOIN meal m ON m.id = e.meal_id GROUP BY m.point_id, e.day`,
        [...events.params],
      )) note(figures, 'events', row, 1);
    }
    for (const table of ['meal_payer', 'meal_operator_payment']) {
      for (const row of await tx.query<FigureRow[]>(
        `SELECT m.point_id AS pointId, e.day, CONCAT('payer ', p.payer_code) AS what, SUM(e.sign * p.amount_fen) AS amount
         FROM (${events.text}) e JOIN meal m ON m.id = e.meal_id JOIN ${table} p ON p.meal_id = m.id GROUP BY m.point_id, e.day, p.payer_code`,
        [...events.params],
      )) {
        note(figures, 'events', row, 1);
        if (table === 'meal_operator_payment') note(figures, 'events', { ...row, what: 'operator' }, 1);
      }
    }
  }

  /** Entries of the sale itself, or of the transfer that took it back: the operator is owed, everybody else owes. */
  private async fromLedger(tx: EntityManager, figures: Figures, sign: 1 | -1, events: Sql): Promise<void> {
    const transfer = sign > 0 ? 'm.transfer_id' : '(SELECT r.transfer_id FROM meal_reversal r WHERE r.meal_id = m.id)';
    const rows = await tx.query<(FigureRow & { kind: string })[]>(
      `SELECT m.point_id AS pointId, e.day, a.kind, SUM(n.amount_fen) AS amount,
              CASE a.kind WHEN 'payer' THEN CONCAT('payer ', SUBSTRING_INDEX(a.owner_code, ':', 1)) WHEN 'operator' THEN 'operator' ELSE CONCAT('tender ', a.kind) END AS what
       FROM (${events.text}) e JOIN meal m ON m.id = e.meal_id JOIN entry n ON n.transfer_id = ${transfer} JOIN account a ON a.id = n.account_id
       GROUP BY m.point_id, e.day, a.kind, what`,
      [...events.params],
    );
    for (const row of rows) {
      note(figures, 'ledger', row, row.kind === 'operator' ? 1 : -1);
      if (row.what.startsWith('tender ')) {
        note(figures, 'ledger', { ...row, what: 'due' }, -1);
        note(figures, 'events', row, -1);
      }
    }
    // The ledger counts no meals: a meal without a transfer cannot exist, so the events stand for both.
    for (const [key, figure] of figures) if (key.endsWith('|meals')) figure.ledger = figure.events;
  }
}

type Figures = Map<string, Record<Source, number>>;

/** The same payer owes reliefs and payments to operators on one account. */
function merged(what: string): string {
  return what.startsWith('relief ') || what.startsWith('operator-payment ') ? `payer ${what.slice(what.indexOf(' ') + 1)}` : what;
}

function note(figures: Figures, source: Source, row: Pick<FigureRow, 'pointId' | 'day' | 'what' | 'amount'>, factor: 1 | -1): void {
  const key = `${row.pointId}|${row.day}|${row.what}`;
  const figure = figures.get(key) ?? { rollup: 0, events: 0, ledger: 0 };
  figure[source] += factor * Number(row.amount);
  figures.set(key, figure);
}

function differing(figures: Figures): RollupDifference[] {
  return [...figures].flatMap(([key, figure]) => {
    if (figure.rollup === figure.events && figure.events === figure.ledger) return [];
    const [pointId = '', day = '', what = ''] = key.split('|');
    return [{ pointId, day, what, ...figure }];
  });
}

function inOrder(differences: readonly RollupDifference[]): RollupDifference[] {
  return [...differences].sort((a, b) => (`${a.day}${a.pointId}${a.what}` < `${b.day}${b.pointId}${b.what}` ? -1 : 1));
}

function eventsOf(sign: 1 | -1, pointIds: readonly string[], days: readonly string[], throughSeq: number): Sql {
  return {
    text: sign > 0
      ? `SELECT s.seq, 1 AS sign, m.business_day AS day, m.id AS meal_id FROM meal m JOIN journal_seal s ON s.transfer_id = m.transfer_id
         WHERE m.business_day BETWEEN ? AND ? AND m.point_id IN (?) AND s.seq <= ?`
      : `SELECT s.seq, -1 AS sign, r.business_day AS day, m.id AS meal_id FROM meal_reversal r JOIN meal m ON m.id = r.meal_id
         JOIN journal_seal s ON s.transfer_id = r.transfer_id WHERE r.business_day BETWEEN ? AND ? AND m.point_id IN (?) AND s.seq <= ?`,
    params: [...days, pointIds, throughSeq],
  };
}
