import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CrewLadderRequest, LadderAnswer, WelfareRequest } from '../../contract/care.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { CareAlerts } from './care-alerts.js';
import { LadderBook } from './ladder-book.js';

/** A door as the crew stands at it; its row and its trip's are locked. */
export interface CareDoor {
  readonly stopId: string; readonly seniorId: string; readonly pointId: string; readonly crewId: string; readonly day: BusinessDay; readonly period: MealPeriod;
}

/** What happens to people at doors: nobody answers, somebody seems changed, somebody needs help. In the caller's transaction. */
@Injectable()
export class DoorCare {
  constructor(private readonly ladders: LadderBook, private readonly alerts: CareAlerts, private readonly clock: Clock) {}

  /** Nobody answers: the ladder begins, once, at the time of the door. */
  async noAnswer(tx: EntityManager, door: CareDoor, since: Date): Promise<void> {
    await this.ladders.open(tx, { kind: 'door', since, routeStopId: door.stopId, seniorId: door.seniorId, pointId: door.pointId, day: door.day, period: door.period });
  }

  /** The meal was handed over after all, so the person is there. */
  async handedOver(tx: EntityManager, stopId: string, staffId: string, deviceAt: Date): Promise<void> {
    const ladder = await this.ladders.ofStop(tx, stopId);
    if (ladder !== null && ladder.endedAt === null) await this.ladders.end(tx, ladder, 'answered', { staffId, deviceAt, note: '' });
  }

  /**
   * What the crew tried, or how it ended. A step that a timer has passed meanwhile is no error: the phone may have been
   * without signal, and the ladder goes on.
   *
   * @throws DomainError REQUEST.NOT_FOUND where the door has no ladder
   */
  async crewDid(tx: EntityManager, door: CareDoor, request: CrewLadderRequest, staffId: string): Promise<LadderAnswer> {
    const ladder = await this.ladders.ofStop(tx, door.stopId);
    if (ladder === null) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    const by = { staffId, deviceAt: new Date(request.deviceAt), note: '' };
    if (request.act === 'ended') return this.ladders.end(tx, ladder, request.outcome, by);
    if (ladder.endedAt === null && ladder.step === request.step) return this.ladders.tried(tx, ladder, request.step, by);
    await this.ladders.triedBefore(tx, ladder, request.step, by);
    return { ladderId: ladder.id, step: ladder.step, dueAt: ladder.dueAt.toISOString(), endedAt: ladder.endedAt?.toISOString() ?? null, outcome: ladder.outcome };
  }

  /** How the person seemed; a worry goes to the community at once. The same id is the same note. */
  async noted(tx: EntityManager, door: CareDoor, request: WelfareRequest, streetId: string, staffId: string): Promise<void> {
    const deviceAt = new Date(request.deviceAt);
    const inserted: unknown = await tx.query(
      'INSERT IGNORE INTO care_note (id, route_stop_id, senior_id, level, signs, device_at, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      [request.id, door.stopId, door.seniorId, request.level, request.signs.join(','), deviceAt, this.clock.now(), staffId],
    );
    if (affectedRows(inserted) !== 1 || request.level !== 'worried') return;
    await this.alerts.raise(tx, {
      id: newId(), kind: 'condition', routeStopId: door.stopId, seniorId: door.seniorId, pointId: door.pointId, streetId, crewId: door.crewId, signs: request.signs,
      latitude: null, longitude: null, deviceAt, staffId,
    });
  }

  /** Ladders of a trip's doors that run. */
  async openOf(tx: EntityManager, tripId: string): Promise<number> {
    const [row] = await tx.query<{ n: string | number }[]>(
      'SELECT COUNT(*) AS n FROM care_ladder l JOIN route_stop s ON s.id = l.route_stop_id WHERE s.route_trip_id = ? AND l.ended_at IS NULL', [tripId],
    );
    return Number(row?.n ?? 0);
  }
}
