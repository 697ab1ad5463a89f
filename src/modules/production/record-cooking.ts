import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BatchRow, CookBatchRequest, DropBatchRequest, KeepSampleRequest, ReleaseBatchRequest } from '../../contract/production.js';
import { discardDueAt, mayLeaveWithReason } from '../../domain/food-safety/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { KitchenScope } from '../sites/index.js';
import { BatchList } from './batch-list.query.js';
import { ProductionSettingsBook } from './production-settings-book.js';

/** A batch from the pot to the door: cooked with its core temperature, a sample kept, released; each step once. */
@Injectable()
export class RecordCooking {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly batches: BatchList,
    private readonly settings: ProductionSettingsBook, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * The pot is done: what it gave and, for hot dishes, the temperature at the centre. A batch that was too cold is heated
   * on and measured again, until it is released. @throws DomainError BATCH.NOT_PLANNED, REQUEST.NOT_FOUND
   */
  cooked(request: CookBatchRequest, staff: StaffIdentity): Promise<BatchRow> {
    return this.onBatch(request.batchId, staff, 'batch.cooked', async (tx, batch) => {
      if (batch.state !== 'planned' && batch.state !== 'cooked') throw new DomainError('BATCH.NOT_PLANNED', 'conflict');
      const coreC = batch.method === 'cold' ? null : request.coreC;
      const measuredAt = this.clock.now();
      await tx.query(
        "UPDATE kitchen_batch SET state = 'cooked', portions = ?, core_c = ?, measured_by = ?, cooked_at = COALESCE(cooked_at, ?) WHERE id = ?",
        [request.portions, coreC, staff.staffId, measuredAt, batch.id],
      );
      await tx.query("INSERT INTO batch_measurement (id, batch_id, kind, portions, core_c, measured_by, measured_at) VALUES (?, ?, 'cooked', ?, ?, ?, ?)",
        [newId(), batch.id, request.portions, coreC, staff.staffId, measuredAt]);
      return { portions: request.portions, coreC };
    });
  }

  /**
   * A sample that is too small, lies in a fridge that is not cold or was thrown away is kept anew, until the batch is released.
   * @throws DomainError BATCH.NOT_COOKED, BATCH.SAMPLE_KEPT, REQUEST.NOT_FOUND
   */
  sampled(request: KeepSampleRequest, staff: StaffIdentity): Promise<BatchRow> {
    return this.onBatch(request.batchId, staff, 'batch.sampled', async (tx, batch, kitchenId) => {
      if (batch.state !== 'cooked') throw new DomainError(batch.sample === null ? 'BATCH.NOT_COOKED' : 'BATCH.SAMPLE_KEPT', 'conflict');
      const takenAt = this.clock.now();
      const due = discardDueAt({ takenAt }, await this.settings.of(kitchenId, tx));
      const { grams, container, fridge, fridgeC } = request;
      await tx.query("INSERT INTO batch_measurement (id, batch_id, kind, grams, container, fridge, fridge_c, measured_by, measured_at) VALUES (?, ?, 'sample', ?, ?, ?, ?, ?, ?)",
        [newId(), batch.id, grams, container, fridge, fridgeC, staff.staffId, takenAt]);
      if (batch.sample !== null) {
        if (!batch.obstacles.some((one) => one === 'no-sample' || one === 'sample-too-small' || one === 'sample-not-cold')) throw new DomainError('BATCH.SAMPLE_KEPT', 'conflict');
        await tx.query(
          `UPDATE retained_sample SET grams = ?, taken_at = ?, taken_by = ?, container = ?, fridge = ?, fridge_c = ?, discard_due_at = ?,
             discarded_at = NULL, discarded_by = NULL, discard_note = '', reviewed_by = NULL, reviewed_at = NULL WHERE id = ?`, [grams, takenAt, staff.staffId, container, fridge, fridgeC, due, batch.sample.id],
        );
        return { grams, fridgeC };
      }
      try {
        await tx.query(
          'INSERT INTO retained_sample (id, batch_id, kitchen_id, grams, taken_at, taken_by, container, fridge, fridge_c, discard_due_at) VALUES (?)',
          [[newId(), batch.id, kitchenId, grams, takenAt, staff.staffId, container, fridge, fridgeC, due]],
        );
        return { grams, fridgeC };
      } catch (error) {
        if (isDuplicateKey(error, 'uq_retained_sample_batch')) throw new DomainError('BATCH.SAMPLE_KEPT', 'conflict');
        throw error;
      }
    });
  }

  /** @throws DomainError BATCH.NOT_RELEASABLE with the obstacles, BATCH.NOT_COOKED, REQUEST.NOT_FOUND */
  released({ batchId, reason }: ReleaseBatchRequest, staff: StaffIdentity): Promise<BatchRow> {
    return this.onBatch(batchId, staff, 'batch.released', async (tx, batch): Promise<Record<string, string | null>> => {
      if (batch.state === 'released') return {};
      const explained = reason !== undefined && mayLeaveWithReason(batch.obstacles) ? reason : null;
      if (batch.obstacles.length > 0 && explained === null) throw new DomainError('BATCH.NOT_RELEASABLE', 'refused', { obstacles: batch.obstacles.join(', ') });
      const result: unknown = await tx.query(
        "UPDATE kitchen_batch SET state = 'released', released_by = ?, released_at = ? WHERE id = ? AND state = 'cooked' AND recalled = 0", [staff.staffId, this.clock.now(), batch.id],
      );
      if (affectedRows(result) !== 1) throw new DomainError('BATCH.NOT_COOKED', 'conflict');
      return { goodsUnknown: explained };
    });
  }

  /** A pot that failed, or was added by mistake: nobody counts on it any more. @throws DomainError BATCH.NOT_DROPPABLE, REQUEST.NOT_FOUND */
  dropped({ batchId, reason }: DropBatchRequest, staff: StaffIdentity): Promise<BatchRow> {
    return this.onBatch(batchId, staff, 'batch.dropped', async (tx, batch): Promise<Record<string, string | number | null>> => {
      if (batch.state === 'dropped') return {};
      const result: unknown = await tx.query("UPDATE kitchen_batch SET state = 'dropped' WHERE id = ? AND state IN ('planned', 'cooked')", [batch.id]);
      if (affectedRows(result) !== 1) throw new DomainError('BATCH.NOT_DROPPABLE', 'conflict');
      return { reason, from: batch.state, portions: batch.portions };
    });
  }

  /** @param change the figures of the step, for the audit line */
  private async onBatch(
    batchId: string, staff: StaffIdentity, action: string, change: (tx: EntityManager, batch: BatchRow, kitchenId: string) => Promise<Record<string, number | string | null>>,
  ): Promise<BatchRow> {
    const kitchen = await this.scope.kitchenOf(staff);
    return this.unitOfWork.run(async (tx) => {
      const batch = await this.batches.byId(tx, kitchen.id, batchId, true);
      if (batch === null) return this.scope.refuse(staff, 'batch', batchId);
      const detail = await change(tx, batch, kitchen.id);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'batch', objectId: batch.id, outcome: 'done', detail }, tx);
      return (await this.batches.byId(tx, kitchen.id, batch.id)) ?? batch;
    });
  }
}
