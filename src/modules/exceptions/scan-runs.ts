import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ScanRow } from '../../contract/exceptions.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';

export interface ScanRun { readonly scanId: string; readonly streetId: string; readonly from: BusinessDay; readonly to: BusinessDay; readonly state: string }

export interface ScanOrder {
  readonly streetId: string;
  readonly from: BusinessDay;
  readonly to: BusinessDay;
  /** The night this run belongs to; null for one that somebody asked for. */
  readonly night: BusinessDay | null;
  readonly requestedBy: string | null;
}

/** Runs of the checks in the database: what was asked, what runs, how it ended. Redis carries them and may forget them. */
@Injectable()
export class ScanRuns {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly clock: Clock) {}

  /** @returns the new run, null where the street's run of that night exists or another one waits or runs */
  async ask(order: ScanOrder, tx: EntityManager = this.unitOfWork.reader): Promise<string | null> {
    const scanId = newId();
    const inserted: unknown = await tx.query(
      `INSERT IGNORE INTO exception_scan (id, street_id, from_day, to_day, once, open, state, requested_by, requested_at) VALUES (?, ?, ?, ?, ?, 1, 'queued', ?, ?)`,
      [scanId, order.streetId, order.from, order.to, order.night, order.requestedBy, this.clock.now()],
    );
    return affectedRows(inserted) === 1 ? scanId : null;
  }

  async open(): Promise<ScanRun[]> {
    return this.unitOfWork.reader.query<ScanRun[]>(`${SELECT_RUN} WHERE open = 1 ORDER BY requested_at`);
  }

  /** The earliest day on which a meal was eaten that was booked late since the street's last nightly run was asked for; null without one. */
  async earliestBookedLate(streetId: string): Promise<BusinessDay | null> {
    const [row] = await this.unitOfWork.reader.query<{ day: BusinessDay | null }[]>(
      `SELECT MIN(l.meal_day) AS day FROM late_line l JOIN point p ON p.id = l.point_id JOIN community c ON c.id = p.community_id
       WHERE l.state = 'booked' AND c.street_id = ? AND l.booked_at >= COALESCE(
         (SELECT MAX(e.requested_at) FROM exception_scan e WHERE e.street_id = c.street_id AND e.once IS NOT NULL AND e.state = 'done'), '1970-01-01')`, [streetId],
    );
    return row?.day ?? null;
  }

  async find(scanId: string): Promise<ScanRun | null> {
    const [row] = await this.unitOfWork.reader.query<ScanRun[]>(`${SELECT_RUN} WHERE id = ? AND open = 1`, [scanId]);
    return row ?? null;
  }

  async start(scanId: string): Promise<void> {
    await this.unitOfWork.reader.query(
      "UPDATE exception_scan SET state = 'running', started_at = COALESCE(started_at, ?), meals = 0, found_new = 0, extended = 0 WHERE id = ?", [this.clock.now(), scanId],
    );
  }

  async progress(tx: EntityManager, scanId: string, day: BusinessDay, counts: { meals: number; added: number; extended: number }): Promise<void> {
    await tx.query(
      'UPDATE exception_scan SET read_to = ?, meals = meals + ?, found_new = found_new + ?, extended = extended + ? WHERE id = ?',
      [day, counts.meals, counts.added, counts.extended, scanId],
    );
  }

  async finish(scanId: string, failure: string | null): Promise<void> {
    await this.unitOfWork.reader.query(
      'UPDATE exception_scan SET state = ?, open = NULL, finished_at = ?, failure = ? WHERE id = ?', [failure === null ? 'done' : 'failed', this.clock.now(), failure?.slice(0, 60) ?? null, scanId],
    );
  }

  /** The last runs of some streets, newest first. */
  async list(streetId: string): Promise<ScanRow[]> {
    const rows = await this.unitOfWork.reader.query<(Omit<ScanRow, 'nightly' | 'requestedAt' | 'finishedAt'> & { nightly: number; requestedAt: Date; finishedAt: Date | null })[]>(
      `SELECT id AS scanId, from_day AS \`from\`, to_day AS \`to\`, once IS NOT NULL AS nightly, state, read_to AS readTo, meals, found_new AS foundNew, extended,
              requested_at AS requestedAt, finished_at AS finishedAt, failure FROM exception_scan WHERE street_id = ? ORDER BY requested_at DESC, id DESC LIMIT 20`,
      [streetId],
    );
    return rows.map((row) => ({ ...row, nightly: Number(row.nightly) === 1, requestedAt: row.requestedAt.toISOString(), finishedAt: row.finishedAt?.toISOString() ?? null }));
  }
}

const SELECT_RUN = 'SELECT id AS scanId, street_id AS streetId, from_day AS `from`, to_day AS `to`, state FROM exception_scan';
