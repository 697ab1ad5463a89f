import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { productionSettings, type ProductionSettings, type ProductionSettingsAnswer, type SetProductionSettingsRequest } from '../../contract/production.js';
import { DEFAULT_FOOD_SAFETY_LIMITS, looserLimits } from '../../domain/food-safety/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { DEFAULT_RHYTHM } from '../../domain/kitchen/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { KitchenScope } from '../sites/index.js';

/** Where the defaults come from; a kitchen that follows a stricter local rule names that. */
export const DEFAULT_SOURCE = 'GB 31654-2021';

interface SettingRow { settings: unknown; source: string; setAt: Date; setBy: string | null }

/** How a kitchen cooks and which limits it keeps; each change is a new version, and the newest holds. */
@Injectable()
export class ProductionSettingsBook {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async of(kitchenId: string, tx: EntityManager = this.dataSource.manager): Promise<ProductionSettings> {
    return (await this.newest(kitchenId, tx)).settings;
  }

  async show(staff: StaffIdentity): Promise<ProductionSettingsAnswer> {
    return this.newest((await this.scope.kitchenOf(staff)).id, this.dataSource.manager);
  }

  /**
   * Who cooks may make limits stricter, never looser than the common rule and what holds.
   * @throws DomainError BATCH.LIMITS_LOOSER, BATCH.LIMITS_CROSSED
   */
  async set(request: SetProductionSettingsRequest, staff: StaffIdentity): Promise<ProductionSettingsAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const { settings } = request;
    if (settings.fridgeFromC >= settings.fridgeToC) throw new DomainError('BATCH.LIMITS_CROSSED', 'invalid');
    await this.unitOfWork.run(async (tx) => {
      // What is compared with stays so until this stands.
      await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchen.id]);
      const looser = staff.role === 'kitchen' ? looserLimits(settings, await this.of(kitchen.id, tx)) : [];
      if (looser.length > 0) throw new DomainError('BATCH.LIMITS_LOOSER', 'refused', { limits: looser.join(', ') });
      const id = newId();
      await tx.query('INSERT INTO production_setting (id, kitchen_id, settings, source, set_by, set_at) VALUES (?)',
        [[id, kitchen.id, JSON.stringify(request.settings), request.source, staff.staffId, this.clock.now()]]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'production-settings.set', objectKind: 'kitchen', objectId: kitchen.id, outcome: 'done', detail: { settingId: id },
      }, tx);
    });
    return this.newest(kitchen.id, this.dataSource.manager);
  }

  private async newest(kitchenId: string, tx: EntityManager): Promise<ProductionSettingsAnswer> {
    const [row] = await tx.query<SettingRow[]>(
      `SELECT s.settings, s.source, s.set_at AS setAt, t.display_name AS setBy FROM production_setting s LEFT JOIN staff t ON t.id = s.set_by
       WHERE s.kitchen_id = ? ORDER BY s.set_at DESC, s.id DESC LIMIT 1`, [kitchenId],
    );
    const defaults: ProductionSettings = { ...DEFAULT_RHYTHM, ...DEFAULT_FOOD_SAFETY_LIMITS };
    if (row === undefined) return { settings: defaults, source: DEFAULT_SOURCE, setAt: null, setBy: null };
    return { settings: productionSettings.parse({ ...defaults, ...parseJson<object>(row.settings) }), source: row.source, setAt: row.setAt.toISOString(), setBy: row.setBy };
  }
}
