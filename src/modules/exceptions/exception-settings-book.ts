import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ChangeExceptionSettingsRequest, ExceptionSettingsAnswer } from '../../contract/exceptions.js';
import { EXCEPTION_SETTINGS, settingsWith, type ExceptionSettings, type SettingDefinition } from '../../domain/exceptions/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { AuditTrail } from '../audit/index.js';

const DEFINITIONS: Readonly<Record<string, SettingDefinition>> = EXCEPTION_SETTINGS;

/** The thresholds of a street: defaults with their sources, and what the street has set instead. */
@Injectable()
export class ExceptionSettingsBook {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  async of(streetId: string, tx: EntityManager = this.unitOfWork.reader): Promise<ExceptionSettings> {
    const [row] = await tx.query<{ settings: unknown }[]>('SELECT settings FROM exception_setting WHERE street_id = ?', [streetId]);
    return settingsWith(row === undefined ? {} : parseJson<Record<string, number>>(row.settings));
  }

  async show(streetId: string): Promise<ExceptionSettingsAnswer> {
    const values: Readonly<Record<string, number>> = await this.of(streetId);
    return {
      settings: Object.entries(DEFINITIONS).map(([key, { zh, en, byDefault, least, most, source }]) => ({ key, label: { zh, en }, value: values[key] ?? byDefault, byDefault, least, most, source })),
    };
  }

  /** @throws DomainError EXCEPTION.SETTING_WILD for an unknown name or a value outside its bounds */
  async change(streetId: string, request: ChangeExceptionSettingsRequest, actor: Actor): Promise<ExceptionSettingsAnswer> {
    for (const [key, value] of Object.entries(request.values)) {
      const definition = Object.hasOwn(DEFINITIONS, key) ? DEFINITIONS[key] : undefined;
      if (definition === undefined || value < definition.least || value > definition.most) throw new DomainError('EXCEPTION.SETTING_WILD', 'refused', { setting: key });
    }
    await this.unitOfWork.run(async (tx) => {
      const changed = { ...(await this.of(streetId, tx)), ...request.values };
      await tx.query(
        `INSERT INTO exception_setting (street_id, settings, changed_by, changed_at) VALUES (?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE settings = VALUES(settings), changed_by = VALUES(changed_by), changed_at = VALUES(changed_at)`,
        [streetId, JSON.stringify(changed), actor.staff.staffId, this.clock.now()],
      );
      await this.audit.record({ ...auditActor(actor), action: 'exception-settings.changed', objectKind: 'street', objectId: streetId, outcome: 'done', detail: request.values }, tx);
    });
    return this.show(streetId);
  }
}
