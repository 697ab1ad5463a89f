import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { closingSettings, type ClosingSettings, type ClosingSettingsAnswer } from '../../contract/closing.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';

/** What a street sets for closing, paper lists and advances; absent names keep their defaults. */
@Injectable()
export class ClosingSettingsBook {
  constructor(private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  async ofStreet(streetId: string, tx: EntityManager = this.dataSource.manager): Promise<ClosingSettings> {
    return (await this.read(streetId, tx)).settings;
  }

  /** @throws DomainError REQUEST.NOT_FOUND for a reader without a street */
  async of(staff: StaffIdentity): Promise<ClosingSettingsAnswer> {
    return this.read(streetOf(staff), this.dataSource.manager);
  }

  async change(settings: ClosingSettings, staff: StaffIdentity): Promise<ClosingSettingsAnswer> {
    const streetId = streetOf(staff);
    return this.unitOfWork.run(async (tx) => {
      // A street without a row owes closes from its first portions on, and keeps doing so.
      await tx.query(
        `INSERT INTO closing_setting (street_id, closing_from, settings, changed_by, changed_at)
         SELECT ?, COALESCE((SELECT MIN(k.business_day) FROM portion_stock k JOIN point p ON p.id = k.point_id JOIN community c ON c.id = p.community_id
           WHERE c.street_id = ?), ?), ?, ?, ?
         ON DUPLICATE KEY UPDATE settings = VALUES(settings), changed_by = VALUES(changed_by), changed_at = VALUES(changed_at)`,
        [streetId, streetId, this.clock.today(), JSON.stringify(settings), staff.staffId, this.clock.now()],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'closing-settings.changed', objectKind: 'street', objectId: streetId, outcome: 'done', detail: { ...settings },
      }, tx);
      return this.read(streetId, tx);
    });
  }

  private async read(streetId: string, tx: EntityManager): Promise<ClosingSettingsAnswer> {
    const [row] = await tx.query<{ settings: unknown; closingFrom: BusinessDay }[]>(
      'SELECT settings, closing_from AS closingFrom FROM closing_setting WHERE street_id = ?', [streetId],
    );
    return { settings: closingSettings.parse(row === undefined ? {} : parseJson(row.settings)), closingFrom: row?.closingFrom ?? null };
  }
}

/** @throws DomainError REQUEST.NOT_FOUND */
export function streetOf(staff: StaffIdentity): string {
  if (staff.scopeKind !== 'street') throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
  return staff.scopeId;
}
