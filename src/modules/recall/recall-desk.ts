import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { OpenRecallRequest, RecallAnswer, RecallListAnswer, RecallPeopleAnswer, RecallRow, RecallTrace, RecallTraceQuery } from '../../contract/stock.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { Notices } from '../notices/index.js';
import { PersonMerges, SeniorHomes } from '../seniors/index.js';
import { KitchenScope, type KitchenSite } from '../sites/index.js';
import type { ReachedDiner } from './reached-diners.query.js';
import { TraceRecall } from './trace-recall.query.js';

interface RecallSqlRow extends Omit<RecallRow, 'openedAt' | 'dishes'> { openedAt: Date }
interface Thing { readonly lotId: string | null; readonly batchId: string | null; readonly batchIds: string[]; readonly lots: RecallTrace['lots'] }

/** Calls food back: from a lot or a batch to its people in seconds, and no further portion of it is sold meanwhile. */
@Injectable()
export class RecallDesk {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly tracer: TraceRecall,
    private readonly homes: SeniorHomes, private readonly merges: PersonMerges, private readonly notices: Notices, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** What a recall would reach; changes nothing. @throws DomainError RECALL.ONE_THING, REQUEST.NOT_FOUND */
  async preview(query: RecallTraceQuery, staff: StaffIdentity): Promise<RecallTrace> {
    const kitchen = await this.scope.kitchenOf(staff);
    const { batchIds, lots } = await this.thing(this.dataSource.manager, kitchen, query, staff);
    return this.tracer.of(batchIds, lots);
  }

  /** @throws DomainError RECALL.ONE_THING, RECALL.ALREADY_OPEN, REQUEST.NOT_FOUND */
  async open(request: OpenRecallRequest, staff: StaffIdentity): Promise<RecallAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const recallId = await this.unitOfWork.run(async (tx) => {
      // Loads are sealed with this row locked: what is being sealed is either seen here or finds the batch recalled.
      await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchen.id]);
      const { lotId, batchId, batchIds, lots } = await this.thing(tx, kitchen, request, staff);
      const [twin] = await tx.query<unknown[]>(
        "SELECT 1 FROM recall r LEFT JOIN recall_lot x ON x.recall_id = r.id WHERE (x.lot_id = ? OR r.batch_id = ?) AND r.state <> 'undone'", [lotId, batchId],
      );
      if (twin !== undefined) throw new DomainError('RECALL.ALREADY_OPEN', 'conflict');
      const id = newId();
      await tx.query('INSERT INTO recall (id, kitchen_id, lot_id, batch_id, reason, state, opened_by, opened_at) VALUES (?)',
        [[id, kitchen.id, lotId, batchId, request.reason, 'open', staff.staffId, this.clock.now()]]);
      if (lots.length > 0) {
        await tx.query('INSERT INTO recall_lot (recall_id, lot_id) VALUES ?', [lots.map((lot) => [id, lot.id])]);
        await tx.query("UPDATE stock_lot SET state = 'recalled' WHERE id IN (?)", [lots.map((lot) => lot.id)]);
      }
      if (batchIds.length > 0) {
        await tx.query('INSERT INTO recall_batch (recall_id, batch_id) VALUES ?', [batchIds.map((one) => [id, one])]);
        await tx.query('UPDATE kitchen_batch SET recalled = 1 WHERE id IN (?)', [batchIds]);
        // Of a pot that was given up nothing was given to anybody: it locks no dish.
        await tx.query("INSERT INTO recall_dish (recall_id, dish_id, business_day) SELECT DISTINCT ?, dish_id, business_day FROM kitchen_batch WHERE id IN (?) AND state <> 'dropped'", [id, batchIds]);
      }
      await this.tell(tx, kitchen, id, batchIds);
      await this.tellOthers(tx, kitchen, id, lots.map((lot) => lot.id), request.reason);
      await this.record(tx, staff, 'recall.opened', id);
      return id;
    });
    return this.answer(kitchen, recallId);
  }

  async list(staff: StaffIdentity): Promise<RecallListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    return { recalls: await this.rows(this.dataSource.manager, 'r.kitchen_id = ?', kitchen.id) };
  }

  /** Names, telephones and families; each look stands in the audit record. @throws DomainError REQUEST.NOT_FOUND */
  async people(recallId: string, staff: StaffIdentity): Promise<RecallPeopleAnswer> {
    const started = process.hrtime.bigint();
    const kitchen = await this.scope.kitchenOf(staff);
    const recall = await this.one(this.dataSource.manager, kitchen, recallId, staff);
    const batches = await this.dataSource.query<{ id: string }[]>('SELECT batch_id AS id FROM recall_batch WHERE recall_id = ?', [recallId]);
    const diners = (await this.tracer.people(batches.map(({ id }) => id))).filter(({ seniorId }) => seniorId !== '');
    // Who was merged into another record is reached as the person who stands: telephone and family moved there.
    const merged = await this.merges.mergedInto();
    const personOf = (seniorId: string): string => merged.get(seniorId) ?? seniorId;
    const reach = await this.homes.reach([...new Set(diners.map(({ seniorId }) => personOf(seniorId)))]);
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'recall.people-read', objectKind: 'recall', objectId: recallId, outcome: 'done', detail: { people: reach.size },
    });
    const people = diners.flatMap((diner) => {
      const seniorId = personOf(diner.seniorId);
      const person = reach.get(seniorId);
      return person === undefined ? [] : [{ ...placeOf(diner), seniorId, ...person }];
    });
    return { recall, asOf: this.clock.now().toISOString(), tookMs: Number((process.hrtime.bigint() - started) / 1_000_000n), people };
  }

  /** Asks for the end of a recall. @throws DomainError RECALL.NOT_ASKED when it is not open, REQUEST.NOT_FOUND */
  async askUndo(recallId: string, reason: string, staff: StaffIdentity): Promise<RecallAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    await this.unitOfWork.run(async (tx) => {
      await this.one(tx, kitchen, recallId, staff);
      const result: unknown = await tx.query(
        "UPDATE recall SET state = 'undo-asked', undo_reason = ?, undo_asked_by = ?, undo_asked_at = ? WHERE id = ? AND state = 'open'", [reason, staff.staffId, this.clock.now(), recallId],
      );
      if (affectedRows(result) !== 1) throw new DomainError('RECALL.NOT_ASKED', 'conflict');
      await this.record(tx, staff, 'recall.undo-asked', recallId);
    });
    return this.answer(kitchen, recallId);
  }

  /** Ends a recall by a second person: its dishes are sold again. @throws DomainError RECALL.SAME_PERSON, RECALL.NOT_ASKED, REQUEST.NOT_FOUND */
  async undo(recallId: string, staff: StaffIdentity): Promise<RecallAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    await this.unitOfWork.run(async (tx) => {
      await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchen.id]);
      await this.one(tx, kitchen, recallId, staff);
      const [asked] = await tx.query<{ by: string | null }[]>("SELECT undo_asked_by AS `by` FROM recall WHERE id = ? AND state = 'undo-asked' FOR UPDATE", [recallId]);
      if (asked === undefined) throw new DomainError('RECALL.NOT_ASKED', 'conflict');
      if (asked.by === staff.staffId) throw new DomainError('RECALL.SAME_PERSON', 'refused');
      await tx.query("UPDATE recall SET state = 'undone', undone_by = ?, undone_at = ? WHERE id = ?", [staff.staffId, this.clock.now(), recallId]);
      await tx.query(
        `UPDATE stock_lot SET state = 'open' WHERE id IN (SELECT lot_id FROM recall_lot WHERE recall_id = ?)
           AND id NOT IN (SELECT x.lot_id FROM recall_lot x JOIN recall r ON r.id = x.recall_id WHERE r.state <> 'undone')`, [recallId],
      );
      await tx.query(
        `UPDATE kitchen_batch SET recalled = 0 WHERE id IN (SELECT batch_id FROM recall_batch WHERE recall_id = ?)
           AND id NOT IN (SELECT x.batch_id FROM recall_batch x JOIN recall r ON r.id = x.recall_id WHERE r.state <> 'undone')`, [recallId],
      );
      await this.record(tx, staff, 'recall.undone', recallId);
    });
    return this.answer(kitchen, recallId);
  }

  private async thing(tx: EntityManager, kitchen: KitchenSite, { lotId, batchId }: RecallTraceQuery, staff: StaffIdentity): Promise<Thing> {
    if ((lotId === undefined) === (batchId === undefined)) throw new DomainError('RECALL.ONE_THING', 'invalid');
    if (lotId !== undefined) {
      const [lot] = await tx.query<unknown[]>('SELECT 1 FROM stock_lot WHERE id = ? AND kitchen_id = ?', [lotId, kitchen.id]);
      if (lot === undefined) return this.scope.refuse(staff, 'lot', lotId);
      const lots = await tx.query<RecallTrace['lots']>(
        `SELECT t.id, t.lot_no AS lotNo, t.name FROM stock_lot l JOIN stock_lot t ON t.kitchen_id = l.kitchen_id AND (t.id = l.id OR ${SAME_PRODUCER_BATCH_SQL}) WHERE l.id = ? ORDER BY t.lot_no`, [lotId],
      );
      return { lotId, batchId: null, batchIds: await this.tracer.batchesOfLots(lots.map(({ id }) => id), tx), lots };
    }
    const [batch] = await tx.query<{ name: string }[]>('SELECT d.name FROM kitchen_batch b JOIN dish d ON d.id = b.dish_id WHERE b.id = ? AND b.kitchen_id = ?', [batchId, kitchen.id]);
    if (batch === undefined) return this.scope.refuse(staff, 'batch', batchId ?? '');
    return { lotId: null, batchId: batchId ?? null, batchIds: [batchId ?? ''], lots: [] };
  }

  private async tell(tx: EntityManager, kitchen: KitchenSite, recallId: string, batchIds: readonly string[]): Promise<void> {
    const [recall] = await this.rows(tx, 'r.id = ?', recallId);
    const [street] = await tx.query<{ id: string }[]>('SELECT street_id AS id FROM kitchen WHERE id = ?', [kitchen.id]);
    const { points, crews } = await this.tracer.whomToTell(batchIds, tx);
    const facts = { what: recall?.what ?? '', reason: recall?.reason ?? '' };
    if (street !== undefined) await this.notices.request(tx, { kind: 'recall-opened', recipientKind: 'street', recipientId: street.id, facts, dedupKey: `recall-street-${recallId}` });
    for (const { id } of points) {
      await this.notices.request(tx, { kind: 'recall-opened', recipientKind: 'point', recipientId: id, facts, dedupKey: `recall-${id.slice(-12)}-${recallId}` });
    }
    for (const { crewId, crewName, tripId, tripNo, depotName, boxes } of crews) {
      await this.notices.request(tx, {
        kind: 'recall-on-road', recipientKind: 'crew', recipientId: crewId, facts: { depot: depotName, crew: crewName, trip: tripNo, boxes }, dedupKey: `recall-crew-${tripId.slice(-12)}-${recallId}`,
      });
    }
  }

  /** Kitchens of the street, this one too, that hold what bears the same producer's batch and is not recalled with it. */
  private async tellOthers(tx: EntityManager, kitchen: KitchenSite, recallId: string, lotIds: readonly string[], reason: string): Promise<void> {
    if (lotIds.length === 0) return;
    const found = await tx.query<{ kitchenId: string; name: string; batch: string; lots: string }[]>(
      `SELECT t.kitchen_id AS kitchenId, MIN(l.name) AS name, l.producer_batch AS batch, COUNT(DISTINCT t.id) AS lots FROM stock_lot l JOIN kitchen k ON k.id = l.kitchen_id
         JOIN kitchen o ON o.street_id = k.street_id JOIN stock_lot t ON t.kitchen_id = o.id AND t.producer_batch = l.producer_batch AND t.produced_on <=> l.produced_on AND t.state = 'open'
       WHERE l.id IN (?) AND l.producer_batch <> '' AND t.id NOT IN (?) GROUP BY t.kitchen_id, l.producer_batch`, [lotIds, lotIds],
    );
    for (const { kitchenId, name, batch, lots } of found) {
      await this.notices.request(tx, {
        kind: 'recall-elsewhere', recipientKind: 'kitchen', recipientId: kitchenId, facts: { kitchen: kitchen.name, batch, name, reason, lots: Number(lots) },
        dedupKey: `recall-same-${kitchenId.slice(-12)}-${recallId}`,
      });
    }
  }

  private async one(tx: EntityManager, kitchen: KitchenSite, recallId: string, staff: StaffIdentity): Promise<RecallRow> {
    const [recall] = await this.rows(tx, 'r.kitchen_id = ? AND r.id = ?', kitchen.id, recallId);
    return recall ?? this.scope.refuse(staff, 'recall', recallId);
  }

  private async answer(kitchen: KitchenSite, recallId: string): Promise<RecallAnswer> {
    const [recall] = await this.rows(this.dataSource.manager, 'r.kitchen_id = ? AND r.id = ?', kitchen.id, recallId);
    if (recall === undefined) throw new InvariantError('the recall is not there');
    const batches = await this.dataSource.query<{ id: string }[]>('SELECT batch_id AS id FROM recall_batch WHERE recall_id = ?', [recallId]);
    const lots = await this.dataSource.query<RecallTrace['lots']>('SELECT l.id, l.lot_no AS lotNo, l.name FROM recall_lot x JOIN stock_lot l ON l.id = x.lot_id WHERE x.recall_id = ? ORDER BY l.lot_no', [recallId]);
    return { recall, trace: await this.tracer.of(batches.map(({ id }) => id), lots) };
  }

  private async rows(tx: EntityManager, where: string, ...parameters: string[]): Promise<RecallRow[]> {
    const rows = await tx.query<RecallSqlRow[]>(
      `SELECT r.id, r.state, COALESCE(CONCAT(l.name, ' ', l.lot_no), CONCAT(d.name, ' #', b.batch_no), '') AS what, r.reason, COALESCE(o.display_name, '') AS openedBy,
         r.opened_at AS openedAt, r.undo_reason AS undoReason, COALESCE(a.display_name, '') AS undoAskedBy, COALESCE(u.display_name, '') AS undoneBy
       FROM recall r LEFT JOIN stock_lot l ON l.id = r.lot_id LEFT JOIN kitchen_batch b ON b.id = r.batch_id LEFT JOIN dish d ON d.id = b.dish_id
       LEFT JOIN staff o ON o.id = r.opened_by LEFT JOIN staff a ON a.id = r.undo_asked_by LEFT JOIN staff u ON u.id = r.undone_by
       WHERE ${where} ORDER BY r.opened_at DESC LIMIT 200`, parameters,
    );
    if (rows.length === 0) return [];
    const dishes = await tx.query<{ recallId: string; dishName: string; day: string }[]>(
      'SELECT x.recall_id AS recallId, d.name AS dishName, x.business_day AS day FROM recall_dish x JOIN dish d ON d.id = x.dish_id WHERE x.recall_id IN (?) ORDER BY x.business_day, d.name',
      [rows.map(({ id }) => id)],
    );
    return rows.map((row) => ({
      ...row, openedAt: row.openedAt.toISOString(), dishes: dishes.filter(({ recallId }) => recallId === row.id).map(({ dishName, day }) => ({ dishName, day })),
    }));
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, recallId: string): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'recall', objectId: recallId, outcome: 'done' }, tx);
  }
}

/** Receipts `l` and `t` are of one batch of one producer: bought of the same supplier under the same batch number, made on the same day. */
const SAME_PRODUCER_BATCH_SQL = `(t.producer_batch = l.producer_batch AND l.producer_batch <> '' AND t.ingredient_id = l.ingredient_id AND t.supplier_id = l.supplier_id
  AND t.produced_on <=> l.produced_on)`;

function placeOf({ pointName, day, at, how }: ReachedDiner): { pointName: string; day: string; at: string | null; how: string } {
  return { pointName, day, at: at?.toISOString() ?? null, how };
}
