import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import QRCode from 'qrcode';
import type { LotRow, MovementListAnswer } from '../../contract/stock.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { lotLabelText } from '../../domain/kitchen/index.js';
import { Clock } from '../../infra/clock/clock.js';

interface LotSqlRow extends Omit<LotRow, 'arrivedAt' | 'arrivalC' | 'costFen' | 'shelf' | 'label'> { arrivedAt: Date; arrivalC: string | null; costFen: string }

const SELECT = `SELECT l.id, l.lot_no AS lotNo, l.ingredient_id AS ingredientId, l.name, l.spec, l.received_g AS receivedG, l.left_g AS leftG, l.produced_on AS producedOn,
    l.producer_batch AS producerBatch, l.shelf_life_days AS shelfLifeDays, l.expires_on AS expiresOn, l.arrived_at AS arrivedAt, l.supplier_name AS supplierName,
    l.supplier_address AS supplierAddress, l.supplier_contact AS supplierContact, l.proof, l.arrival_c AS arrivalC, l.cost_fen AS costFen, l.state
  FROM stock_lot l`;
const DAY_MS = 86_400_000;
/** A lot is shown as ending so many days ahead. */
const ENDING_DAYS = 3;

/** Lots of a list, at the most. */
const MOST_LOTS = 5_000;
const MOST_FOUND = 200;

/** Lots of a kitchen with what is left of them. */
@Injectable()
export class LotList {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  /**
   * Where there are too many, the oldest arrivals are left out, never what is in use. Ordered by expiry, or the newest
   * first where something is sought.
   *
   * @param days so long ago a lot may have arrived that nothing is left of
   */
  async ofKitchen(kitchenId: string, { days, search = '' }: { days: number; search?: string | undefined }): Promise<{ lots: LotRow[]; cut: boolean }> {
    const most = search === '' ? MOST_LOTS : MOST_FOUND;
    const like = `%${search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    const rows = await this.dataSource.query<LotSqlRow[]>(
      `${SELECT} WHERE l.kitchen_id = ? AND (l.left_g > 0 OR l.arrived_at > ?)
         ${search === '' ? '' : 'AND (l.name LIKE ? OR l.lot_no LIKE ? OR l.supplier_name LIKE ? OR l.producer_batch LIKE ?)'}
       ORDER BY l.arrived_at DESC, l.lot_no DESC LIMIT ?`,
      [kitchenId, new Date(this.clock.now().getTime() - days * DAY_MS), ...(search === '' ? [] : [like, like, like, like]), most + 1],
    );
    const lots = rows.slice(0, most).map((row) => lotOf(row, this.clock.today()));
    if (search === '') lots.sort((a, b) => (a.expiresOn === b.expiresOn ? (a.lotNo < b.lotNo ? -1 : 1) : a.expiresOn < b.expiresOn ? -1 : 1));
    return { lots, cut: rows.length > most };
  }

  /** What the kitchen buys, by name. */
  ingredients(kitchenId: string): Promise<{ id: string; name: string }[]> {
    return this.dataSource.query<{ id: string; name: string }[]>('SELECT id, name FROM ingredient WHERE kitchen_id = ? AND retired = 0 ORDER BY name', [kitchenId]);
  }

  find(kitchenId: string, lotId: string): Promise<LotRow | null> {
    return this.byId(this.dataSource.manager, kitchenId, lotId);
  }

  async byId(tx: EntityManager, kitchenId: string, lotId: string, lock = false): Promise<LotRow | null> {
    if (lock) await tx.query('SELECT id FROM stock_lot WHERE id = ? FOR UPDATE', [lotId]);
    const [row] = await tx.query<LotSqlRow[]>(`${SELECT} WHERE l.id = ? AND l.kitchen_id = ?`, [lotId, kitchenId]);
    return row === undefined ? null : lotOf(row, this.clock.today());
  }

  async movementsOf(lot: LotRow): Promise<MovementListAnswer> {
    const rows = await this.dataSource.query<(Omit<MovementListAnswer['movements'][number], 'movedAt'> & { movedAt: Date })[]>(
      `SELECT m.id, m.kind, m.grams, COALESCE(d.name, '') AS dishName, m.reason, COALESCE(t.display_name, '') AS movedBy, m.moved_at AS movedAt
       FROM stock_movement m LEFT JOIN kitchen_batch b ON b.id = m.batch_id LEFT JOIN dish d ON d.id = b.dish_id LEFT JOIN staff t ON t.id = m.moved_by
       WHERE m.lot_id = ? ORDER BY m.moved_at, m.id`, [lot.id],
    );
    const qr = await QRCode.toDataURL(lot.label, { errorCorrectionLevel: 'M', margin: 1, width: 240 });
    return { lot, qr, movements: rows.map((row) => ({ ...row, movedAt: row.movedAt.toISOString() })) };
  }
}

function lotOf(row: LotSqlRow, today: BusinessDay): LotRow {
  return {
    ...row, arrivedAt: row.arrivedAt.toISOString(), arrivalC: row.arrivalC === null ? null : Number(row.arrivalC), costFen: Number(row.costFen),
    shelf: row.expiresOn < today ? 'expired' : row.expiresOn <= addDays(today, ENDING_DAYS) ? 'ending' : 'good',
    label: lotLabelText({ lotNo: row.lotNo, expiresOn: row.expiresOn as BusinessDay, receivedG: row.receivedG }),
  };
}
