import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { deliverySettingsSchema, type DeliverySettingsBody } from '../../contract/dispatch.js';
import { DEFAULT_DELIVERY_SETTINGS, type DeliverySettings } from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';

/** What is stored may lack settings that are younger than it; the defaults stand in. */
const storedSettings = z.object(deliverySettingsSchema.shape).partial();

/** The times and limits a street sets for its deliveries. */
@Injectable()
export class DeliverySettingsBook {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly points: PointScope,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND unless the member of staff belongs to the street or a part of it */
  async requireScope(streetId: string, staff: StaffIdentity): Promise<void> {
    const points = await this.points.points(staff);
    const [row] = points.length === 0 ? [] : await this.unitOfWork.reader.query<{ n: number }[]>(
      'SELECT COUNT(*) AS n FROM point p JOIN community c ON c.id = p.community_id WHERE c.street_id = ? AND p.id IN (?)', [streetId, points],
    );
    if (Number(row?.n ?? 0) === 0 && !(staff.scopeKind === 'street' && staff.scopeId === streetId)) await this.points.refuse(staff, 'street', streetId);
  }

  /** What the street has set, the defaults for the rest. */
  async of(streetId: string, tx: EntityManager = this.unitOfWork.reader): Promise<DeliverySettings> {
    const [row] = await tx.query<{ settings: unknown }[]>('SELECT settings FROM delivery_setting WHERE street_id = ?', [streetId]);
    return row === undefined
      ? DEFAULT_DELIVERY_SETTINGS
      : { ...DEFAULT_DELIVERY_SETTINGS, ...storedSettings.parse(parseJson(row.settings)) };
  }

  /** Replaces all settings; plans made from now on use them. */
  async set(streetId: string, settings: DeliverySettingsBody, staff: StaffIdentity): Promise<DeliverySettings> {
    await this.unitOfWork.run(async (tx) => {
      const before = await this.of(streetId, tx);
      await tx.query(
        `INSERT INTO delivery_setting (street_id, settings, changed_by, changed_at) VALUES (?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE settings = VALUES(settings), changed_by = VALUES(changed_by), changed_at = VALUES(changed_at)`,
        [streetId, JSON.stringify(settings), staff.staffId, this.clock.now()],
      );
      const changed = (Object.keys(settings) as (keyof DeliverySettingsBody)[]).filter((name) => before[name] !== settings[name]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'delivery-settings.changed', objectKind: 'street', objectId: streetId, outcome: 'done',
        detail: Object.fromEntries(changed.map((name) => [name, `${before[name]} -> ${settings[name]}`])),
      }, tx);
    });
    return settings;
  }
}
