import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SaveSupplierRequest, SupplierListAnswer, SupplierRow } from '../../contract/stock.js';
import { addDays } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { KitchenScope } from '../sites/index.js';

/** A licence is shown as ending so many days ahead. */
const ENDING_DAYS = 30;

/** Who sells to the kitchen, and until when they are licensed (Food Safety Law, articles 50 and 57). */
@Injectable()
export class SupplierBook {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async list(staff: StaffIdentity): Promise<SupplierListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const rows = await this.dataSource.query<Omit<SupplierRow, 'licence'>[]>(
      'SELECT id, name, address, contact, licence_no AS licenceNo, licence_valid_to AS licenceValidTo FROM supplier WHERE kitchen_id = ? ORDER BY name', [kitchen.id],
    );
    const today = this.clock.today();
    const soon = addDays(today, ENDING_DAYS);
    return { suppliers: rows.map((row) => ({ ...row, licence: row.licenceValidTo < today ? 'expired' : row.licenceValidTo < soon ? 'ending' : 'valid' })) };
  }

  /** Adds a supplier, or replaces what is on file of one. @throws DomainError STOCK.SUPPLIER_KNOWN, REQUEST.NOT_FOUND */
  async save(request: SaveSupplierRequest, staff: StaffIdentity): Promise<SupplierListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const { supplierId, name, address, contact, licenceNo, licenceValidTo } = request;
    const id = supplierId ?? newId();
    try {
      await this.unitOfWork.run(async (tx) => {
        const stamp = [staff.staffId, this.clock.now()];
        if (supplierId === undefined) {
          await tx.query('INSERT INTO supplier (id, kitchen_id, name, address, contact, licence_no, licence_valid_to, updated_by, updated_at) VALUES (?)',
            [[id, kitchen.id, name, address, contact, licenceNo, licenceValidTo, ...stamp]]);
        } else {
          const result: unknown = await tx.query(
            'UPDATE supplier SET name = ?, address = ?, contact = ?, licence_no = ?, licence_valid_to = ?, updated_by = ?, updated_at = ? WHERE id = ? AND kitchen_id = ?',
            [name, address, contact, licenceNo, licenceValidTo, ...stamp, id, kitchen.id],
          );
          if (affectedRows(result) !== 1) return this.scope.refuse(staff, 'supplier', id);
        }
        await this.audit.record({
          actorKind: 'staff', actorId: staff.staffId, action: 'supplier.saved', objectKind: 'supplier', objectId: id, outcome: 'done', detail: { licenceNo, licenceValidTo },
        }, tx);
        return undefined;
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_supplier_name')) throw new DomainError('STOCK.SUPPLIER_KNOWN', 'conflict');
      throw error;
    }
    return this.list(staff);
  }
}
