import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { WalletMovement, WalletMovementsAnswer, WalletMovementsFilter } from '../../contract/wallets.js';
import { maskName } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';

interface Row extends Omit<WalletMovement, 'at' | 'maskedName'> { at: Date; name: string; sex: 'M' | 'F' }
/** In this order: a few weeks of transfers are far fewer than what every wallet ever moved. */
const FROM = `FROM transfer t STRAIGHT_JOIN entry e ON e.transfer_id = t.id JOIN account a ON a.id = e.account_id JOIN senior s ON s.id = a.owner_code JOIN point p ON p.id = s.point_id
  WHERE a.kind = 'wallet' AND s.point_id IN (?)`;

/** Whether a row is one of those asked for. */
const SHOWN = '(t.business_day <= ? AND (? IS NULL OR t.kind = ?))';

/** Own money of all seniors of some points: what was there, what came, what went, and that the three agree. */
@Injectable()
export class WalletMovements {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async list(filter: WalletMovementsFilter, pointIds: readonly string[], page: { page: number; size: number }): Promise<WalletMovementsAnswer> {
    const generatedAt = this.clock.now().toISOString();
    if (pointIds.length === 0) return { rows: [], total: 0, openingFen: 0, inFen: 0, outFen: 0, closingFen: 0, shownFen: 0, negative: [], wallets: 0, disagreeing: 0, generatedAt };
    const kind = filter.kind ?? null;
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      // What lies in the wallets less what moved since the first day is what lay there before it.
      const { heldFen, ...proof } = await this.proof(tx, pointIds);
      const [sums] = await tx.query<Record<'sinceFen' | 'inFen' | 'outFen' | 'n' | 'shownFen', number | null>[]>(
        `SELECT SUM(e.amount_fen) AS sinceFen, SUM(IF(t.business_day <= ? AND e.amount_fen > 0, e.amount_fen, 0)) AS inFen,
                SUM(IF(t.business_day <= ? AND e.amount_fen < 0, -e.amount_fen, 0)) AS outFen, SUM(${SHOWN}) AS n, SUM(IF(${SHOWN}, e.amount_fen, 0)) AS shownFen
         ${FROM} AND t.business_day >= ?`,
        [filter.to, filter.to, filter.to, kind, kind, filter.to, kind, kind, pointIds, filter.from],
      );
      const rows = await tx.query<Row[]>(
        `SELECT t.id AS transferId, t.created_at AS at, t.business_day AS day, t.kind, s.id AS seniorId, s.name, s.sex, p.name AS pointName, t.memo AS source, e.amount_fen AS amountFen
         ${FROM} AND t.business_day BETWEEN ? AND ? AND (? IS NULL OR t.kind = ?) ORDER BY t.business_day DESC, t.position DESC, e.id LIMIT ? OFFSET ?`,
        [pointIds, filter.from, filter.to, kind, kind, page.size, (page.page - 1) * page.size],
      );
      const [openingFen, inFen, outFen] = [heldFen - Number(sums?.sinceFen ?? 0), Number(sums?.inFen ?? 0), Number(sums?.outFen ?? 0)];
      return {
        rows: rows.map(({ name, sex, ...row }) => ({ ...row, at: row.at.toISOString(), maskedName: maskName(name, sex), amountFen: Number(row.amountFen) })),
        total: Number(sums?.n ?? 0), openingFen, inFen, outFen, closingFen: openingFen + inFen - outFen, shownFen: Number(sums?.shownFen ?? 0),
        negative: await this.negative(tx, pointIds), ...proof, generatedAt,
      };
    });
  }

  /** The balance that payments trust, against the entries that made it. */
  private async proof(tx: EntityManager, pointIds: readonly string[]): Promise<{ heldFen: number; wallets: number; disagreeing: number }> {
    const [row] = await tx.query<{ heldFen: number | null; wallets: number; disagreeing: number | null }[]>(
      `SELECT SUM(x.sum) AS heldFen, COUNT(*) AS wallets, SUM(x.balance <> x.sum) AS disagreeing FROM (
         SELECT a.balance_fen AS balance, COALESCE(SUM(e.amount_fen), 0) AS sum FROM account a JOIN senior s ON s.id = a.owner_code LEFT JOIN entry e ON e.account_id = a.id
         WHERE a.kind = 'wallet' AND s.point_id IN (?) GROUP BY a.id) x`, [pointIds],
    );
    return { heldFen: Number(row?.heldFen ?? 0), wallets: Number(row?.wallets ?? 0), disagreeing: Number(row?.disagreeing ?? 0) };
  }

  /** Nobody, unless the ledger is broken. */
  private async negative(tx: EntityManager, pointIds: readonly string[]): Promise<WalletMovementsAnswer['negative']> {
    const rows = await tx.query<{ seniorId: string; name: string; sex: 'M' | 'F'; balanceFen: number }[]>(
      `SELECT s.id AS seniorId, s.name, s.sex, a.balance_fen AS balanceFen FROM account a JOIN senior s ON s.id = a.owner_code
       WHERE a.kind = 'wallet' AND a.balance_fen < 0 AND s.point_id IN (?) LIMIT 50`, [pointIds],
    );
    return rows.map(({ name, sex, ...row }) => ({ ...row, maskedName: maskName(name, sex), balanceFen: Number(row.balanceFen) }));
  }
}
