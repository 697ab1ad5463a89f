import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CloseInspectionRequest, InspectionListAnswer, InspectionPhotoAnswer, OpenInspectionRequest } from '../../contract/food-safety.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { KitchenScope } from '../sites/index.js';

type Row = Omit<InspectionListAnswer['inspections'][number], 'hasPhoto' | 'overdue' | 'openedAt' | 'closedAt'> & { hasPhoto: number; openedAt: Date; closedAt: Date | null };
const MOST_PHOTO_BYTES = 300_000;

/** What the meal supervision team found, with a photo, a place and a day until which it is put right. */
@Injectable()
export class Inspections {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async list(staff: StaffIdentity): Promise<InspectionListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT i.id, COALESCE(p.name, '') AS pointName, i.place, i.finding, i.photo IS NOT NULL AS hasPhoto, i.due_on AS dueOn, i.state, o.display_name AS openedBy, i.opened_at AS openedAt,
         i.closure, COALESCE(c.display_name, '') AS closedBy, i.closed_at AS closedAt
       FROM inspection i LEFT JOIN point p ON p.id = i.point_id JOIN staff o ON o.id = i.opened_by LEFT JOIN staff c ON c.id = i.closed_by
       WHERE i.kitchen_id = ? AND (i.point_id IS NULL OR i.point_id IN (?)) ORDER BY i.state DESC, i.due_on, i.id LIMIT 300`, [kitchen.id, [...kitchen.points.map(({ id }) => id), '']],
    );
    const today = this.clock.today();
    return {
      asOf: this.clock.now().toISOString(),
      inspections: rows.map((row) => ({
        ...row, hasPhoto: Number(row.hasPhoto) === 1, overdue: row.state === 'open' && row.dueOn < today, openedAt: row.openedAt.toISOString(), closedAt: row.closedAt?.toISOString() ?? null,
      })),
    };
  }

  /** @throws DomainError SAFETY.PHOTO_BAD, REQUEST.NOT_FOUND for a point outside */
  async open(request: OpenInspectionRequest, staff: StaffIdentity): Promise<InspectionListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const { pointId, place, finding, dueOn } = request;
    if (pointId !== null && !kitchen.points.some(({ id }) => id === pointId)) return this.scope.refuse(staff, 'point', pointId);
    const photo = request.photo === null ? null : readPhoto(request.photo);
    await this.unitOfWork.run(async (tx) => {
      const id = newId();
      await tx.query('INSERT INTO inspection (id, kitchen_id, point_id, place, finding, photo, due_on, state, opened_by, opened_at) VALUES (?)',
        [[id, kitchen.id, pointId, place, finding, photo, dueOn, 'open', staff.staffId, this.clock.now()]]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'inspection.opened', objectKind: 'inspection', objectId: id, outcome: 'done' }, tx);
    });
    return this.list(staff);
  }

  /** @throws DomainError SAFETY.INSPECTION_CLOSED, REQUEST.NOT_FOUND */
  async close(request: CloseInspectionRequest, staff: StaffIdentity): Promise<InspectionListAnswer> {
    const { inspections } = await this.list(staff);
    if (!inspections.some(({ id }) => id === request.inspectionId)) return this.scope.refuse(staff, 'inspection', request.inspectionId);
    await this.unitOfWork.run(async (tx) => {
      const result: unknown = await tx.query("UPDATE inspection SET state = 'closed', closure = ?, closed_by = ?, closed_at = ? WHERE id = ? AND state = 'open'",
        [request.closure, staff.staffId, this.clock.now(), request.inspectionId]);
      if (affectedRows(result) !== 1) throw new DomainError('SAFETY.INSPECTION_CLOSED', 'conflict');
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'inspection.closed', objectKind: 'inspection', objectId: request.inspectionId, outcome: 'done' }, tx);
    });
    return this.list(staff);
  }

  /** @throws DomainError REQUEST.NOT_FOUND */
  async photo(inspectionId: string, staff: StaffIdentity): Promise<InspectionPhotoAnswer> {
    const { inspections } = await this.list(staff);
    if (!inspections.some(({ id }) => id === inspectionId)) return this.scope.refuse(staff, 'inspection', inspectionId);
    const [row] = await this.dataSource.query<{ photo: Buffer | null }[]>('SELECT photo FROM inspection WHERE id = ?', [inspectionId]);
    const photo = row?.photo ?? null;
    return { photo: photo === null ? null : `data:image/${photo[0] === 0x89 ? 'png' : 'jpeg'};base64,${photo.toString('base64')}` };
  }
}

/** Decides by the first bytes, not by what the address says of itself. @throws DomainError SAFETY.PHOTO_BAD */
function readPhoto(address: string): Buffer {
  const bytes = Buffer.from(/^data:image\/(?:jpeg|png);base64,([A-Za-z0-9+/=]+)$/.exec(address)?.[1] ?? '', 'base64');
  const known = (bytes[0] === 0xff && bytes[1] === 0xd8) || (bytes[0] === 0x89 && bytes[1] === 0x50);
  if (!known || bytes.length > MOST_PHOTO_BYTES) throw new DomainError('SAFETY.PHOTO_BAD', 'invalid');
  return bytes;
}
