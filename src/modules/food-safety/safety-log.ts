import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type AddSafetyRecordRequest, CHECK_KINDS, type SafetyDayAnswer, type SaveCertificateRequest, type SignCheckRequest } from '../../contract/food-safety.js';
import { judgeRecord } from '../../domain/food-safety/index.js';
import { addDays, type BusinessDay, weekdayOf } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { KitchenScope, type KitchenSite } from '../sites/index.js';
import { ProbeBook } from './probe-book.js';

type RecordRow = Omit<SafetyDayAnswer['records'][number], 'celsius' | 'passed' | 'recordedAt'> & { celsius: string | null; passed: number; recordedAt: Date };
type CheckRow = { kind: (typeof CHECK_KINDS)[number]; ofDay: string; signedBy: string; signedAt: Date; finding: string; measures: string };
const ENDING_DAYS = 30;

/** The log of food safety of a kitchen and its points: what was seen and measured, and which checks are signed. */
@Injectable()
export class SafetyLog {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly probes: ProbeBook,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async day(staff: StaffIdentity, asked: string | undefined): Promise<SafetyDayAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const day = (asked ?? this.clock.today()) as BusinessDay;
    const rows = await this.dataSource.query<RecordRow[]>(
      `SELECT r.id, r.kind, COALESCE(p.name, '') AS pointName, r.subject, r.celsius, r.minutes, r.passed, r.note, t.display_name AS recordedBy, r.recorded_at AS recordedAt
       FROM safety_record r LEFT JOIN point p ON p.id = r.point_id JOIN staff t ON t.id = r.recorded_by
       WHERE r.kitchen_id = ? AND r.business_day = ? AND (r.point_id IS NULL OR r.point_id IN (?)) ORDER BY r.recorded_at DESC, r.id DESC`,
      [kitchen.id, day, [...kitchen.points.map(({ id }) => id), '']],
    );
    return {
      day, asOf: this.clock.now().toISOString(),
      records: rows.map((row) => ({ ...row, celsius: row.celsius === null ? null : Number(row.celsius), passed: row.passed === 1, recordedAt: row.recordedAt.toISOString() })),
      checks: await this.checks(kitchen, day), certificates: await this.certificates(kitchen), probes: await this.probes.ofDay(kitchen.id, day),
    };
  }

  /** @throws DomainError SAFETY.WHY_MISSING for what does not pass without a note, REQUEST.NOT_FOUND for a point outside */
  async record(request: AddSafetyRecordRequest, staff: StaffIdentity): Promise<SafetyDayAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const { pointId, kind } = request;
    if (pointId !== null && !kitchen.points.some(({ id }) => id === pointId)) return this.scope.refuse(staff, 'point', pointId);
    const passed = judgeRecord(kind, request);
    if (!passed && request.note === '') throw new DomainError('SAFETY.WHY_MISSING', 'refused');
    await this.unitOfWork.run(async (tx) => {
      const id = newId();
      await tx.query(
        'INSERT INTO safety_record (id, kitchen_id, point_id, business_day, kind, subject, celsius, minutes, passed, note, recorded_by, recorded_at) VALUES (?)',
        [[id, kitchen.id, pointId, this.clock.today(), kind, request.subject, request.celsius, request.minutes, passed ? 1 : 0, request.note, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'safety.recorded', objectKind: 'safety-record', objectId: id, outcome: 'done', detail: { kind, passed } }, tx);
    });
    return this.day(staff, undefined);
  }

  /** Signs today's, this week's or this month's check, once. @throws DomainError SAFETY.CHECK_SIGNED */
  async sign(request: SignCheckRequest, staff: StaffIdentity): Promise<SafetyDayAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const ofDay = checkDay(request.kind, this.clock.today());
    try {
      await this.unitOfWork.run(async (tx) => {
        const id = newId();
        await tx.query('INSERT INTO safety_check (id, kitchen_id, kind, of_day, finding, measures, signed_by, signed_at) VALUES (?)',
          [[id, kitchen.id, request.kind, ofDay, request.finding, request.measures, staff.staffId, this.clock.now()]]);
        await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'safety.check-signed', objectKind: 'safety-check', objectId: id, outcome: 'done', detail: { kind: request.kind, ofDay } }, tx);
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_safety_check')) throw new DomainError('SAFETY.CHECK_SIGNED', 'conflict');
      throw error;
    }
    return this.day(staff, undefined);
  }

  async saveCertificate(request: SaveCertificateRequest, staff: StaffIdentity): Promise<SafetyDayAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    await this.unitOfWork.run(async (tx) => {
      const id = newId();
      await tx.query(
        `INSERT INTO health_certificate (id, kitchen_id, person, number, valid_to, updated_by, updated_at) VALUES (?)
         ON DUPLICATE KEY UPDATE number = VALUES(number), valid_to = VALUES(valid_to), updated_by = VALUES(updated_by), updated_at = VALUES(updated_at)`,
        [[id, kitchen.id, request.person, request.number, request.validTo, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'certificate.saved', objectKind: 'kitchen', objectId: kitchen.id, outcome: 'done', detail: { validTo: request.validTo } }, tx);
    });
    return this.day(staff, undefined);
  }

  private async checks(kitchen: KitchenSite, day: BusinessDay): Promise<SafetyDayAnswer['checks']> {
    const rows = await this.dataSource.query<CheckRow[]>(
      `SELECT c.kind, c.of_day AS ofDay, t.display_name AS signedBy, c.signed_at AS signedAt, c.finding, c.measures FROM safety_check c JOIN staff t ON t.id = c.signed_by
       WHERE c.kitchen_id = ? AND c.of_day IN (?)`, [kitchen.id, CHECK_KINDS.map((kind) => checkDay(kind, day))],
    );
    return CHECK_KINDS.map((kind) => {
      const ofDay = checkDay(kind, day);
      const row = rows.find((one) => one.kind === kind && one.ofDay === ofDay);
      return { kind, ofDay, signedBy: row?.signedBy ?? null, signedAt: row?.signedAt.toISOString() ?? null, finding: row?.finding ?? '', measures: row?.measures ?? '' };
    });
  }

  private async certificates(kitchen: KitchenSite): Promise<SafetyDayAnswer['certificates']> {
    const rows = await this.dataSource.query<{ id: string; person: string; number: string; validTo: string }[]>(
      'SELECT id, person, number, valid_to AS validTo FROM health_certificate WHERE kitchen_id = ? ORDER BY valid_to, person', [kitchen.id],
    );
    const today = this.clock.today();
    return rows.map((row) => ({ ...row, state: row.validTo < today ? 'expired' : row.validTo < addDays(today, ENDING_DAYS) ? 'ending' : 'valid' }));
  }
}

/** The day under which a check stands: itself, the Monday of its week, the first of its month. */
function checkDay(kind: (typeof CHECK_KINDS)[number], day: BusinessDay): BusinessDay {
  if (kind === 'daily') return day;
  return kind === 'weekly' ? addDays(day, 1 - weekdayOf(day)) : (`${day.slice(0, 8)}01` as BusinessDay);
}
