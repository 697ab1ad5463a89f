import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BatchRow } from '../../contract/production.js';
import type { CountLotRequest, IssueLotsAnswer, IssueLotsRequest, LotRow, ReceiveLotRequest, ReturnLotRequest } from '../../contract/stock.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { expiryOf, issueFirstExpiring } from '../../domain/kitchen/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { StaleRead } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { BatchList } from '../production/index.js';
import { KitchenScope } from '../sites/index.js';
import { LotList } from './lot-list.query.js';

interface HeldLot { lotId: string; lotNo: string; expiresOn: BusinessDay; leftG: number }

/** Goods in, out to a batch and back, and counted. Every change is a movement that stays; a mistake is counted right, never erased. */
@Injectable()
export class MoveStock {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: KitchenScope, private readonly lots: LotList, private readonly batches: BatchList,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError STOCK.LICENCE_EXPIRED, STOCK.PRODUCED_IN_FUTURE, STOCK.LOT_EXPIRED, STOCK.LOT_RECALLED for more of a producer's batch that is recalled, REQUEST.NOT_FOUND */
  async receive(request: ReceiveLotRequest, staff: StaffIdentity, key: string): Promise<LotRow> {
    const kitchen = await this.scope.kitchenOf(staff);
    const run = { scope: `staff:${staff.staffId}`, key, request: { receive: kitchen.id, ...request } };
    return (await this.idempotency.run(run, (tx) => this.takeIn(tx, kitchen.id, request, staff))).answer;
  }

  /** First expired, first out, or out of the lot in hand. @throws DomainError STOCK.NOT_ENOUGH, STOCK.EARLIER_LOT, STOCK.BATCH_DONE, REQUEST.NOT_FOUND */
  async issue(request: IssueLotsRequest, staff: StaffIdentity, key: string): Promise<IssueLotsAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const run = { scope: `staff:${staff.staffId}`, key, request: { issue: kitchen.id, ...request } };
    return (await this.idempotency.run(run, async (tx) => {
      const batch = await this.openBatch(tx, kitchen.id, request.batchId, staff);
      const open = await tx.query<HeldLot[]>(
        `SELECT id AS lotId, lot_no AS lotNo, expires_on AS expiresOn, left_g AS leftG FROM stock_lot
         WHERE kitchen_id = ? AND ingredient_id = ? AND state = 'open' AND left_g > 0 ORDER BY expires_on, id FOR UPDATE`, [kitchen.id, request.ingredientId],
      );
      const { shares, missingG } = issueFirstExpiring(this.inHand(open, request), request.grams, this.clock.today());
      if (missingG > 0) throw new DomainError('STOCK.NOT_ENOUGH', 'refused', { missingG });
      for (const { lotId, grams } of shares) {
        const result: unknown = await tx.query("UPDATE stock_lot SET left_g = left_g - ? WHERE id = ? AND left_g >= ? AND state = 'open'", [grams, lotId, grams]);
        if (affectedRows(result) !== 1) throw new StaleRead();
        await this.move(tx, staff, { lotId, kind: 'issued', grams: -grams, batchId: batch.id, reason: request.reason ?? '' });
      }
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'stock.issued', objectKind: 'batch', objectId: batch.id, outcome: 'done', detail: { grams: request.grams } }, tx);
      return { issued: shares.map(({ lotId, grams }) => ({ lotId, grams, lotNo: open.find((lot) => lot.lotId === lotId)?.lotNo ?? '' })) };
    })).answer;
  }

  /** Back from a batch that is not released: a movement of its own, so that a recall no longer follows it there. @throws DomainError STOCK.NOT_ISSUED, STOCK.BATCH_DONE, REQUEST.NOT_FOUND */
  async giveBack(request: ReturnLotRequest, staff: StaffIdentity, key: string): Promise<LotRow> {
    const kitchen = await this.scope.kitchenOf(staff);
    const run = { scope: `staff:${staff.staffId}`, key, request: { giveBack: kitchen.id, ...request } };
    return (await this.idempotency.run(run, async (tx) => {
      const batch = await this.openBatch(tx, kitchen.id, request.batchId, staff);
      const lot = await this.lots.byId(tx, kitchen.id, request.lotId, true);
      if (lot === null) return this.scope.refuse(staff, 'lot', request.lotId);
      const { grams, reason } = request;
      const [issued] = await tx.query<{ grams: string | null }[]>('SELECT -SUM(grams) AS grams FROM stock_movement WHERE lot_id = ? AND batch_id = ?', [lot.id, batch.id]);
      if (Number(issued?.grams ?? 0) < grams) throw new DomainError('STOCK.NOT_ISSUED', 'refused', { issuedG: Number(issued?.grams ?? 0) });
      await tx.query('UPDATE stock_lot SET left_g = left_g + ? WHERE id = ?', [grams, lot.id]);
      await this.move(tx, staff, { lotId: lot.id, kind: 'returned', grams, batchId: batch.id, reason });
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'stock.returned', objectKind: 'lot', objectId: lot.id, outcome: 'done', detail: { grams, batchId: batch.id } }, tx);
      return (await this.lots.byId(tx, kitchen.id, lot.id)) ?? lot;
    })).answer;
  }

  /** What is really there. @throws DomainError REQUEST.NOT_FOUND */
  async count(request: CountLotRequest, staff: StaffIdentity, key: string): Promise<LotRow> {
    const kitchen = await this.scope.kitchenOf(staff);
    const run = { scope: `staff:${staff.staffId}`, key, request: { count: kitchen.id, ...request } };
    return (await this.idempotency.run(run, async (tx) => {
      const lot = await this.lots.byId(tx, kitchen.id, request.lotId, true);
      if (lot === null) return this.scope.refuse(staff, 'lot', request.lotId);
      const grams = request.countedG - lot.leftG;
      await tx.query('UPDATE stock_lot SET left_g = ? WHERE id = ?', [request.countedG, lot.id]);
      await this.move(tx, staff, { lotId: lot.id, kind: request.thrown ? 'thrown' : 'counted', grams, batchId: null, reason: request.reason });
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'stock.counted', objectKind: 'lot', objectId: lot.id, outcome: 'done', detail: { grams } }, tx);
      return (await this.lots.byId(tx, kitchen.id, lot.id)) ?? lot;
    })).answer;
  }

  /** What may be issued from: all lots, or the one in hand; that another expires before it needs a reason. */
  private inHand(open: readonly HeldLot[], { lotId, reason }: IssueLotsRequest): readonly HeldLot[] {
    if (lotId === undefined) return open;
    const own = open.filter((lot) => lot.lotId === lotId);
    const [first] = open.filter(({ expiresOn }) => expiresOn >= this.clock.today());
    const isEarlier = first !== undefined && own.some(({ expiresOn }) => first.expiresOn < expiresOn);
    if (isEarlier && reason === undefined) throw new DomainError('STOCK.EARLIER_LOT', 'refused', { lotNo: first.lotNo });
    return own;
  }

  /** A batch that goods may still go to and come back from, locked. */
  private async openBatch(tx: EntityManager, kitchenId: string, batchId: string, staff: StaffIdentity): Promise<BatchRow> {
    // A recall takes this row too: what is issued is either seen by it, or finds the lot recalled.
    await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchenId]);
    const batch = await this.batches.byId(tx, kitchenId, batchId, true);
    if (batch === null) return this.scope.refuse(staff, 'batch', batchId);
    if (batch.state === 'released' || batch.state === 'dropped') throw new DomainError('STOCK.BATCH_DONE', 'conflict');
    return batch;
  }

  private async takeIn(tx: EntityManager, kitchenId: string, request: ReceiveLotRequest, staff: StaffIdentity): Promise<LotRow> {
    const today = this.clock.today();
    const [supplier] = await tx.query<{ name: string; address: string; contact: string; validTo: string }[]>(
      'SELECT name, address, contact, licence_valid_to AS validTo FROM supplier WHERE id = ? AND kitchen_id = ? FOR UPDATE', [request.supplierId, kitchenId],
    );
    if (supplier === undefined) return this.scope.refuse(staff, 'supplier', request.supplierId);
    const [ingredient] = await tx.query<{ name: string }[]>('SELECT name FROM ingredient WHERE id = ? AND kitchen_id = ?', [request.ingredientId, kitchenId]);
    if (ingredient === undefined) return this.scope.refuse(staff, 'ingredient', request.ingredientId);
    if (supplier.validTo < today) throw new DomainError('STOCK.LICENCE_EXPIRED', 'refused', { validTo: supplier.validTo });
    if (request.producedOn > today) throw new DomainError('STOCK.PRODUCED_IN_FUTURE', 'refused', { producedOn: request.producedOn });
    const expiresOn = expiryOf(request.producedOn as BusinessDay, request.shelfLifeDays);
    if (expiresOn < today) throw new DomainError('STOCK.LOT_EXPIRED', 'refused', { expiresOn });
    // One lot number at a time; no payment touches this row.
    await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchenId]);
    const [recalled] = request.producerBatch === '' ? [] : await tx.query<unknown[]>(
      `SELECT 1 FROM stock_lot WHERE kitchen_id = ? AND producer_batch = ? AND ingredient_id = ? AND supplier_id = ? AND produced_on <=> ? AND state = 'recalled' LIMIT 1`,
      [kitchenId, request.producerBatch, request.ingredientId, request.supplierId, request.producedOn],
    );
    if (recalled !== undefined) throw new DomainError('STOCK.LOT_RECALLED', 'refused');
    const prefix = today.slice(2).replaceAll('-', '');
    const [last] = await tx.query<{ lots: string }[]>('SELECT COUNT(*) AS lots FROM stock_lot WHERE kitchen_id = ? AND lot_no LIKE ?', [kitchenId, `${prefix}-%`]);
    const lotId = newId();
    await tx.query(
      `INSERT INTO stock_lot (id, kitchen_id, ingredient_id, lot_no, name, spec, received_g, left_g, produced_on, producer_batch, shelf_life_days, expires_on, arrived_at,
         supplier_id, supplier_name, supplier_address, supplier_contact, proof, arrival_c, cost_fen, received_by) VALUES (?)`,
      [[
        lotId, kitchenId, request.ingredientId, `${prefix}-${String(Number(last?.lots ?? 0) + 1).padStart(3, '0')}`, ingredient.name, request.spec, request.grams, request.grams,
        request.producedOn, request.producerBatch, request.shelfLifeDays, expiresOn, this.clock.now(), request.supplierId, supplier.name, supplier.address, supplier.contact,
        request.proof, request.arrivalC, request.costFen, staff.staffId,
      ]],
    );
    await this.move(tx, staff, { lotId, kind: 'received', grams: request.grams, batchId: null, reason: '' });
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'stock.received', objectKind: 'lot', objectId: lotId, outcome: 'done' }, tx);
    const lot = await this.lots.byId(tx, kitchenId, lotId);
    if (lot === null) throw new InvariantError('the received lot is not there');
    return lot;
  }

  private async move(tx: EntityManager, staff: StaffIdentity, move: { lotId: string; kind: string; grams: number; batchId: string | null; reason: string }): Promise<void> {
    await tx.query('INSERT INTO stock_movement (id, lot_id, kind, grams, batch_id, reason, moved_by, moved_at) VALUES (?)',
      [[newId(), move.lotId, move.kind, move.grams, move.batchId, move.reason, staff.staffId, this.clock.now()]]);
  }
}
