import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DiscardSampleRequest, ReviewSamplesRequest, SampleListAnswer, SampleRow } from '../../contract/production.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { KitchenScope } from '../sites/index.js';

interface SampleSqlRow extends Omit<SampleRow, 'takenAt' | 'fridgeC' | 'discardDueAt' | 'discardedAt' | 'reviewedAt' | 'state'> {
  reviewedAt: Date | null;
  takenAt: Date; fridgeC: string; discardDueAt: Date; discardedAt: Date | null;
}

const SHOWN_DAYS_MS = 7 * 86_400_000;

/** The shelf of retained samples: each with its fridge and label, until it may be discarded and is. */
@Injectable()
export class SampleShelf {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async list(staff: StaffIdentity): Promise<SampleListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const now = this.clock.now();
    const rows = await this.dataSource.query<SampleSqlRow[]>(
      `SELECT s.id, s.batch_id AS batchId, d.name AS dishName, b.business_day AS day, b.period, b.batch_no AS batchNo, s.grams, s.taken_at AS takenAt,
         COALESCE(t.display_name, '') AS takenBy, s.container, s.fridge, s.fridge_c AS fridgeC, s.discard_due_at AS discardDueAt, s.discarded_at AS discardedAt,
         COALESCE(x.display_name, '') AS discardedBy, s.discard_note AS note, COALESCE(v.display_name, '') AS reviewedBy, s.reviewed_at AS reviewedAt
       FROM retained_sample s JOIN kitchen_batch b ON b.id = s.batch_id JOIN dish d ON d.id = b.dish_id
       LEFT JOIN staff t ON t.id = s.taken_by LEFT JOIN staff x ON x.id = s.discarded_by LEFT JOIN staff v ON v.id = s.reviewed_by
       WHERE s.kitchen_id = ? AND (s.discarded_at IS NULL OR s.taken_at > ?) ORDER BY s.taken_at DESC, d.name, s.id LIMIT 500`,
      [kitchen.id, new Date(now.getTime() - SHOWN_DAYS_MS)],
    );
    const samples = rows.map((row): SampleRow => ({
      ...row, takenAt: row.takenAt.toISOString(), fridgeC: Number(row.fridgeC), discardDueAt: row.discardDueAt.toISOString(),
      discardedAt: row.discardedAt?.toISOString() ?? null, reviewedAt: row.reviewedAt?.toISOString() ?? null, state: stateOf(row, now),
    }));
    return { asOf: now.toISOString(), due: samples.filter(({ state }) => state === 'due').length, samples };
  }

  /** A second look; looking again changes nothing. @throws DomainError SAMPLE.SAME_PERSON where one of them is the reader's own, SAMPLE.DISCARDED, REQUEST.NOT_FOUND */
  async review({ sampleIds }: ReviewSamplesRequest, staff: StaffIdentity): Promise<SampleListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    await this.unitOfWork.run(async (tx) => {
      const ids = [...new Set(sampleIds)].sort();
      const rows = await tx.query<{ id: string; takenBy: string | null; gone: number; reviewed: number }[]>(
        'SELECT id, taken_by AS takenBy, discarded_at IS NOT NULL AS gone, reviewed_at IS NOT NULL AS reviewed FROM retained_sample WHERE id IN (?) AND kitchen_id = ? ORDER BY id FOR UPDATE', [ids, kitchen.id],
      );
      const unknown = ids.find((id) => !rows.some((row) => row.id === id));
      if (unknown !== undefined) return this.scope.refuse(staff, 'sample', unknown);
      if (rows.some(({ gone }) => Number(gone) === 1)) throw new DomainError('SAMPLE.DISCARDED', 'conflict');
      if (rows.some(({ takenBy }) => takenBy === staff.staffId)) throw new DomainError('SAMPLE.SAME_PERSON', 'refused');
      for (const { id } of rows.filter(({ reviewed }) => Number(reviewed) === 0)) {
        await tx.query('UPDATE retained_sample SET reviewed_by = ?, reviewed_at = ? WHERE id = ?', [staff.staffId, this.clock.now(), id]);
        await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'sample.reviewed', objectKind: 'sample', objectId: id, outcome: 'done' }, tx);
      }
      return undefined;
    });
    return this.list(staff);
  }

  /**
   * Of a batch that is not released yet a new one is kept first; before its time the sample of a released one goes only
   * with a reason and once somebody else has looked at it: it is the evidence of what people ate.
   *
   * @throws DomainError SAMPLE.TOO_EARLY without a note before it is due, SAMPLE.RELEASED_KEPT, SAMPLE.NOT_REVIEWED where only its taker has seen it, SAMPLE.DISCARDED, REQUEST.NOT_FOUND
   */
  async discard(request: DiscardSampleRequest, staff: StaffIdentity): Promise<SampleListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    await this.unitOfWork.run(async (tx) => {
      const [sample] = await tx.query<{ dueAt: Date; batchId: string; takenBy: string | null; reviewedBy: string | null }[]>('SELECT discard_due_at AS dueAt, batch_id AS batchId, taken_by AS takenBy, reviewed_by AS reviewedBy FROM retained_sample WHERE id = ? AND kitchen_id = ?', [request.sampleId, kitchen.id]);
      if (sample === undefined) return this.scope.refuse(staff, 'sample', request.sampleId);
      // A release that looks at this sample is over, or finds it gone.
      const [batch] = await tx.query<{ releasedAt: Date | null }[]>('SELECT released_at AS releasedAt FROM kitchen_batch WHERE id = ? FOR UPDATE', [sample.batchId]);
      const now = this.clock.now();
      const isEarly = now.getTime() < sample.dueAt.getTime();
      if (isEarly && request.note === '') throw new DomainError('SAMPLE.TOO_EARLY', 'refused', { dueAt: sample.dueAt.toISOString() });
      const isSeenByAnother = sample.reviewedBy !== null && sample.reviewedBy !== staff.staffId;
      if (isEarly && batch !== undefined && batch.releasedAt !== null && !isSeenByAnother) throw new DomainError('SAMPLE.RELEASED_KEPT', 'refused');
      if (sample.takenBy === staff.staffId && sample.reviewedBy === null) throw new DomainError('SAMPLE.NOT_REVIEWED', 'refused');
      const result: unknown = await tx.query(
        'UPDATE retained_sample SET discarded_at = ?, discarded_by = ?, discard_note = ? WHERE id = ? AND discarded_at IS NULL', [now, staff.staffId, request.note, request.sampleId],
      );
      if (affectedRows(result) !== 1) throw new DomainError('SAMPLE.DISCARDED', 'conflict');
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'sample.discarded', objectKind: 'sample', objectId: request.sampleId, outcome: 'done' }, tx);
    });
    return this.list(staff);
  }
}

/** By the due time on its own label: a setting that changed later moves no sample. */
function stateOf({ discardDueAt, discardedAt }: SampleSqlRow, now: Date): SampleRow['state'] {
  const due = discardDueAt.getTime();
  if (discardedAt !== null) return discardedAt.getTime() < due ? 'discarded-early' : 'discarded';
  return now.getTime() < due ? 'kept' : 'due';
}
