import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LadderAnswer } from '../../contract/care.js';
import { dueMs, firstStep, nextStep, type LadderKind, type LadderOutcome, type LadderStep } from '../../domain/care/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { CareNotices } from './care-notices.js';

export interface Ladder {
  readonly id: string; readonly kind: LadderKind; readonly seniorId: string; readonly pointId: string; readonly streetId: string; readonly day: BusinessDay;
  readonly period: MealPeriod; readonly step: LadderStep; readonly stepNo: number; readonly dueAt: Date; readonly openedAt: Date; readonly endedAt: Date | null;
  readonly outcome: LadderOutcome | null;
}

export interface LadderToOpen {
  readonly kind: LadderKind; readonly routeStopId: string | null; readonly seniorId: string; readonly pointId: string; readonly day: BusinessDay; readonly period: MealPeriod;
  /** When the door stayed shut, by the phone's own clock; absent: now. */
  readonly since?: Date;
}

const COLUMNS = `id, kind, senior_id AS seniorId, point_id AS pointId, street_id AS streetId, business_day AS day, period, step, step_no AS stepNo, due_at AS dueAt,
  opened_at AS openedAt, ended_at AS endedAt, outcome`;

/**
 * Ladders in the database: each step with its beginning, its time and its end. Timers only move a ladder on; a person alone
 * ends it. Whoever changes one holds its row, so that a timer and a person take turns.
 */
@Injectable()
export class LadderBook {
  constructor(private readonly settings: DeliverySettingsBook, private readonly notices: CareNotices, private readonly clock: Clock) {}

  /** Opens the ladder of a senior and meal, once. @returns its id, null where it is there already */
  async open(tx: EntityManager, given: LadderToOpen): Promise<string | null> {
    const [{ streetId }] = await tx.query<{ streetId: string }[]>(
      'SELECT c.street_id AS streetId FROM point p JOIN community c ON c.id = p.community_id WHERE p.id = ?', [given.pointId],
    );
    const settings = await this.settings.of(streetId, tx);
    const id = newId();
    const now = this.clock.now();
    const step = firstStep(given.kind);
    const dueAt = new Date(dueMs(given.kind, step, settings, { sinceMs: (given.since ?? now).getTime(), nowMs: now.getTime() }));
    const inserted: unknown = await tx.query(
      `INSERT IGNORE INTO care_ladder (id, kind, route_stop_id, senior_id, point_id, street_id, business_day, period, step, step_no, due_at, opened_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
      [id, given.kind, given.routeStopId, given.seniorId, given.pointId, streetId, given.day, given.period, step, dueAt, now],
    );
    if (affectedRows(inserted) !== 1) return null;
    await this.insertStep(tx, id, 1, step, now, dueAt);
    if (given.kind === 'absence') await this.notices.step(tx, { id, kind: given.kind, pointId: given.pointId, streetId, seniorId: given.seniorId, step, stepNo: 1 });
    return id;
  }

  /** Locks a ladder. */
  async locked(tx: EntityManager, ladderId: string): Promise<Ladder | null> {
    const [ladder] = await tx.query<Ladder[]>(`SELECT ${COLUMNS} FROM care_ladder WHERE id = ? FOR UPDATE`, [ladderId]);
    return ladder ?? null;
  }

  /** Locks the ladder of a door. */
  async ofStop(tx: EntityManager, stopId: string): Promise<Ladder | null> {
    const [ladder] = await tx.query<Ladder[]>(`SELECT ${COLUMNS} FROM care_ladder WHERE route_stop_id = ? FOR UPDATE`, [stopId]);
    return ladder ?? null;
  }

  /** Moves on from a step whose time is over. @returns whether it moved: a repeat, a job too early and an ended ladder change nothing */
  async advance(tx: EntityManager, ladderId: string, stepNo: number): Promise<boolean> {
    const ladder = await this.locked(tx, ladderId);
    if (ladder === null || ladder.endedAt !== null || ladder.stepNo !== stepNo || ladder.dueAt > this.clock.now()) return false;
    await this.moveOn(tx, ladder, { result: 'timed-out', staffId: null, deviceAt: null, note: '' });
    return true;
  }

  /** The present step was tried without reaching anybody. @throws DomainError CARE.LADDER_ENDED, CARE.STEP_PASSED */
  async tried(tx: EntityManager, ladder: Ladder, step: LadderStep, by: { staffId: string; deviceAt: Date | null; note: string }): Promise<LadderAnswer> {
    if (ladder.endedAt !== null) throw new DomainError('CARE.LADDER_ENDED', 'conflict');
    if (ladder.step !== step) throw new DomainError('CARE.STEP_PASSED', 'conflict', { step: ladder.step });
    const moved = await this.moveOn(tx, ladder, { result: 'tried', ...by });
    return { ladderId: ladder.id, step: moved.step, dueAt: moved.dueAt.toISOString(), endedAt: null, outcome: null };
  }

  /** A step that its time had passed was tried after all, as a phone without signal says later; the ladder stands where it stands. */
  async triedBefore(tx: EntityManager, ladder: Ladder, step: LadderStep, by: { staffId: string; deviceAt: Date }): Promise<void> {
    await tx.query(
      "UPDATE care_step SET result = 'tried', recorded_by = ?, device_at = ? WHERE ladder_id = ? AND step = ? AND result = 'timed-out' AND recorded_by IS NULL ORDER BY step_no LIMIT 1",
      [by.staffId, by.deviceAt, ladder.id, step],
    );
  }

  /** Ends a ladder: somebody knows. Repeating it is harmless. */
  async end(tx: EntityManager, ladder: Ladder, outcome: LadderOutcome, by: { staffId: string; deviceAt: Date | null; note: string }): Promise<LadderAnswer> {
    if (ladder.endedAt === null) {
      const now = this.clock.now();
      await tx.query("UPDATE care_step SET ended_at = ?, result = 'reached', recorded_by = ?, device_at = ?, note = ? WHERE ladder_id = ? AND step_no = ?",
        [now, by.staffId, by.deviceAt, by.note, ladder.id, ladder.stepNo]);
      await tx.query('UPDATE care_ladder SET ended_at = ?, outcome = ?, ended_by = ?, note = ? WHERE id = ?', [now, outcome, by.staffId, by.note, ladder.id]);
      return { ladderId: ladder.id, step: ladder.step, dueAt: ladder.dueAt.toISOString(), endedAt: now.toISOString(), outcome };
    }
    return { ladderId: ladder.id, step: ladder.step, dueAt: ladder.dueAt.toISOString(), endedAt: ladder.endedAt.toISOString(), outcome: ladder.outcome };
  }

  /** Every ladder that runs: what the queue must hold. */
  async running(tx: EntityManager): Promise<{ id: string; stepNo: number; dueAt: Date }[]> {
    return tx.query('SELECT id, step_no AS stepNo, due_at AS dueAt FROM care_ladder WHERE ended_at IS NULL ORDER BY due_at LIMIT 2000');
  }

  private async moveOn(
    tx: EntityManager, ladder: Ladder, how: { result: 'timed-out' | 'tried'; staffId: string | null; deviceAt: Date | null; note: string },
  ): Promise<{ step: LadderStep; dueAt: Date }> {
    const now = this.clock.now();
    const step = nextStep(ladder.kind, ladder.step);
    const since = how.result === 'timed-out' ? ladder.dueAt : now;
    const dueAt = new Date(dueMs(ladder.kind, step, await this.settings.of(ladder.streetId, tx), { sinceMs: since.getTime(), nowMs: now.getTime() }));
    await tx.query('UPDATE care_step SET ended_at = ?, result = ?, recorded_by = ?, device_at = ?, note = ? WHERE ladder_id = ? AND step_no = ?',
      [now, how.result, how.staffId, how.deviceAt, how.note, ladder.id, ladder.stepNo]);
    await tx.query('UPDATE care_ladder SET step = ?, step_no = ?, due_at = ? WHERE id = ?', [step, ladder.stepNo + 1, dueAt, ladder.id]);
    await this.insertStep(tx, ladder.id, ladder.stepNo + 1, step, now, dueAt);
    await this.notices.step(tx, { ...ladder, step, stepNo: ladder.stepNo + 1 });
    return { step, dueAt };
  }

  private async insertStep(tx: EntityManager, ladderId: string, stepNo: number, step: LadderStep, startedAt: Date, dueAt: Date): Promise<void> {
    await tx.query('INSERT INTO care_step (id, ladder_id, step_no, step, started_at, due_at) VALUES (?, ?, ?, ?, ?, ?)', [newId(), ladderId, stepNo, step, startedAt, dueAt]);
  }
}
