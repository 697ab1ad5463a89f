import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LifeEventAnswer, LifeEventEffect, LifeEventPreview, LifeEventRequest } from '../../contract/life-events.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { walletOf } from '../../domain/ledger/index.js';
import { consequencesOf, firstDayWithoutMeals, isRestorable, requireEventDay, requireNewStay, type Consequence } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { newId } from '../../infra/ids.js';
import { StopHolds } from '../dispatch/index.js';
import { Ledger } from '../ledger/index.js';
import { SeniorOrders } from '../ordering/index.js';
import { SeniorRecords, SeniorStays, type SeniorRecord } from '../seniors/index.js';
import { Consequences, type EventAtWork } from './consequences.js';
import { MealsAfterQuery } from './claw-backs/meals-after.query.js';

/** Records what happened to a person, and everything that follows from it, in one transaction under the senior's row. */
@Injectable()
export class RecordLifeEvent {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly records: SeniorRecords,
    private readonly consequences: Consequences,
    private readonly orders: SeniorOrders,
    private readonly holds: StopHolds,
    private readonly stays: SeniorStays,
    private readonly ledger: Ledger,
    private readonly meals: MealsAfterQuery,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError SENIOR.NOT_FOUND, LIFE_EVENT.ALREADY (dead or gone already), LIFE_EVENT.IN_FUTURE, LIFE_EVENT.TOO_EARLY,
   *   STAY.OVERLAPS, STAY.DAYS_EMPTY, STAY.NOT_OPEN, CATEGORY.*, SENIOR.PLACE_UNKNOWN
   */
  async execute(seniorId: string, request: LifeEventRequest, actor: Actor): Promise<LifeEventAnswer> {
    return this.unitOfWork.run((tx) => this.recordIn(tx, seniorId, request, actor));
  }

  /** The same in the caller's transaction; a line of an imported list names itself, so that it is recorded once. */
  async recordIn(tx: EntityManager, seniorId: string, request: LifeEventRequest, actor: Actor, importLineId: string | null = null): Promise<LifeEventAnswer> {
    const senior = await this.records.find(seniorId, actor, tx, true);
    await this.requirePossible(tx, senior, request);
    const event = eventOf(newId(), senior, request, actor);
    await this.insert(tx, event, importLineId);
    const effects: LifeEventEffect[] = [];
    for (const consequence of orderOf(event)) {
      const followed = await this.consequences.follow(tx, consequence, event);
      await tx.query('INSERT INTO life_event_effect (life_event_id, consequence, n, before_state) VALUES (?, ?, ?, ?)',
        [event.eventId, consequence, followed.n, JSON.stringify(followed.before ?? null)]);
      effects.push({ consequence, n: followed.n, restorable: isRestorable(consequence) });
    }
    await this.records.note(tx, actor, `life-event.${event.kind}`, senior.id, { lifeEventId: event.eventId, from: event.from, to: event.to });
    return { lifeEventId: event.eventId, effects };
  }

  /** What the event would stop and start, counted now and changing nothing. @throws what execute throws */
  async preview(seniorId: string, request: LifeEventRequest, actor: Actor): Promise<LifeEventPreview> {
    const tx = this.unitOfWork.reader;
    const senior = await this.records.find(seniorId, actor);
    await this.requirePossible(tx, senior, request);
    const event = eventOf('', senior, request, actor);
    const after = consequencesOf(event.kind).includes('meals-after') ? await this.mealsAfter(tx, event) : null;
    const walletFen = consequencesOf(event.kind).includes('wallet') ? await this.ledger.balanceOf(walletOf(senior.id)) : null;
    const effects = await Promise.all(consequencesOf(event.kind).map(async (consequence) => ({
      consequence, n: await this.count(tx, consequence, event, { meals: after?.meals ?? 0, walletFen: walletFen ?? 0 }), restorable: isRestorable(consequence),
    })));
    return { effects, mealsAfter: after, walletFen };
  }

  private async count(tx: EntityManager, consequence: Consequence, event: EventAtWork, known: { meals: number; walletFen: number }): Promise<number> {
    const { id } = event.senior;
    switch (consequence) {
      case 'plans': return (await this.orders.plansFrom(id, event.from, tx)).length;
      case 'orders': return this.ordersEnding(tx, event);
      case 'stops': return (await this.holds.open(id, event, tx)).length;
      case 'face': return this.facesEnding(tx, event);
      case 'cards': return rowsOf(tx, 'senior_card WHERE senior_id = ? AND active = 1', id);
      case 'categories': return categoriesEnding(tx, event);
      case 'contacts': return rowsOf(tx, "senior_contact WHERE senior_id = ? AND kind IN ('emergency', 'family', 'guardian')", id);
      case 'meals-after': return known.meals;
      case 'wallet': return Math.min(1, Math.max(0, known.walletFen));
      default: return 1; // the registration, the stay, the home: one of each
    }
  }

  /** Doors on the road are told to their crew; only the rest is cancelled. What a return gives back depends on cut-offs. */
  private async ordersEnding(tx: EntityManager, event: EventAtWork): Promise<number> {
    if (event.kind === 'stay-end') return 0;
    return (await this.orders.ahead(event.senior.id, event, tx)).length - (await this.holds.open(event.senior.id, event, tx)).length;
  }

  private async facesEnding(tx: EntityManager, event: EventAtWork): Promise<number> {
    if (event.request.kind === 'move-within' && event.request.pointId === event.senior.pointId) return 0;
    return rowsOf(tx, 'consent WHERE senior_id = ? AND withdrawn_at IS NULL', event.senior.id);
  }

  private async mealsAfter(tx: EntityManager, event: EventAtWork): ReturnType<MealsAfterQuery['sumFor']> {
    let categoryCode: string | null = null;
    if (event.request.kind === 'category-end') {
      const [row] = await tx.query<{ code: string }[]>('SELECT code FROM senior_category WHERE id = ? AND senior_id = ?', [event.request.categoryId, event.senior.id]);
      categoryCode = row?.code ?? '';
    }
    return this.meals.sumFor(event.senior.id, { first: firstDayWithoutMeals(event.kind, event.from), to: event.to, categoryCode }, tx);
  }

  private async requirePossible(tx: EntityManager, senior: SeniorRecord, request: LifeEventRequest): Promise<void> {
    requireEventDay(request.kind, request.from as BusinessDay, senior, this.clock.today());
    const ended = senior.status === 'deceased' || senior.status === 'moved' || senior.status === 'merged';
    // Somebody who moved away may die there; everything else about people who are gone is a mistake.
    if (senior.status === 'deceased' || senior.status === 'merged' || (ended && request.kind !== 'death')) {
      throw new DomainError('LIFE_EVENT.ALREADY', 'conflict', { status: senior.status });
    }
    if (request.kind === 'nursing-home' || request.kind === 'hospital') {
      requireNewStay(await this.stays.of(senior.id, tx), { kind: request.kind, fromDay: request.from as BusinessDay, toDay: request.to as BusinessDay | null });
    }
    if (request.kind === 'stay-end') {
      const stay = (await this.stays.of(senior.id, tx)).find((one) => one.kind === request.stay && one.fromDay < request.from && (one.toDay === null || one.toDay > request.from));
      if (stay === undefined) throw new DomainError('STAY.NOT_OPEN', 'conflict');
    }
  }

  private async insert(tx: EntityManager, event: EventAtWork, importLineId: string | null): Promise<void> {
    try {
      await tx.query(
        `INSERT INTO life_event (id, senior_id, kind, from_day, to_day, source, evidence, detail, import_line_id, recorded_by, at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [event.eventId, event.senior.id, event.kind, event.from, event.to, event.request.source, event.request.evidence,
          JSON.stringify(await this.detailOf(tx, event)), importLineId, event.actor.staff.staffId, this.clock.now()],
      );
    } catch (error) {
      if (isDuplicateKey(error, 'uq_life_event_line')) throw new DomainError('LIFE_EVENT.ALREADY', 'conflict', { status: 'imported' });
      throw error;
    }
  }

  /** Codes only; addresses stay sealed in the senior's row. */
  private async detailOf(tx: EntityManager, { request, senior }: EventAtWork): Promise<Record<string, string>> {
    if (request.kind === 'category-start') return { code: request.code };
    if (request.kind === 'stay-end') return { stay: request.stay };
    if (request.kind === 'move-within') return { pointId: request.pointId, communityId: request.communityId };
    if (request.kind !== 'category-end') return {};
    const [row] = await tx.query<{ code: string }[]>('SELECT code FROM senior_category WHERE id = ? AND senior_id = ?', [request.categoryId, senior.id]);
    return { code: row?.code ?? '', categoryId: request.categoryId };
  }
}

async function rowsOf(tx: EntityManager, from: string, ...params: unknown[]): Promise<number> {
  return Number((await tx.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM ${from}`, params))[0]?.n ?? 0);
}

async function categoriesEnding(tx: EntityManager, { kind, senior, from }: EventAtWork): Promise<number> {
  if (kind.startsWith('category')) return 1;
  return rowsOf(tx, "senior_category WHERE senior_id = ? AND status = 'approved' AND valid_from < ? AND (valid_to IS NULL OR valid_to > ?)", senior.id, from, from);
}

function eventOf(eventId: string, senior: SeniorRecord, request: LifeEventRequest, actor: Actor): EventAtWork {
  const to = request.kind === 'nursing-home' || request.kind === 'hospital' ? request.to : null;
  return { eventId, kind: request.kind, senior, request, from: request.from as BusinessDay, to: to as BusinessDay | null, actor };
}

/** Doors before orders: a box that is on the road is told to its crew, only the rest is cancelled. */
function orderOf(event: EventAtWork): Consequence[] {
  const list = [...consequencesOf(event.kind)];
  return [...list.filter((one) => one !== 'orders' && one !== 'stops' && one !== 'face' && one !== 'meals-after'),
    ...list.filter((one) => one === 'stops'), ...list.filter((one) => one === 'orders'), ...list.filter((one) => one === 'face'), ...list.filter((one) => one === 'meals-after')];
}
