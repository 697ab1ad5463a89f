import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LifeEventRequest } from '../../contract/life-events.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { firstDayWithoutMeals, maskName, type Consequence, type LifeEventKind, type StayKind } from '../../domain/persons/index.js';
import { parseJson } from '../../infra/database/columns.js';
import type { Actor } from '../../infra/http/actor.js';
import { StopHolds } from '../dispatch/index.js';
import { Notices } from '../notices/index.js';
import { SeniorOrders } from '../ordering/index.js';
import { EditSenior, EndRegistration, RecordCategory, SeniorStays, type EndedRegistration, type SeniorRecord } from '../seniors/index.js';
import { FreeWallet } from '../wallets/index.js';
import { MealsAfterQuery } from './claw-backs/meals-after.query.js';

/** An event while it is being recorded. */
export interface EventAtWork {
  readonly eventId: string;
  readonly kind: LifeEventKind;
  readonly senior: SeniorRecord;
  readonly request: LifeEventRequest;
  readonly from: BusinessDay;
  readonly to: BusinessDay | null;
  readonly actor: Actor;
  /** What ended with the registration; filled by the first consequence that ends it. */
  ended?: EndedRegistration;
  /** Acts of consent that a move inside the street ended. */
  consentsEnded?: number;
  /** Category that began or ended, for the event's own record. */
  category?: { id: string; code: string; validTo: BusinessDay | null };
}

/** How much a consequence touched, and what stood there before. */
export interface Followed { readonly n: number; readonly before: unknown }

/** Days on which the person does not eat at home because of the event, half-open. */
export function stoppedDays(event: Pick<EventAtWork, 'kind' | 'from' | 'to'>): { from: BusinessDay; to: BusinessDay | null } {
  return { from: event.from, to: event.to };
}

/**
 * Carries out what follows from a life event, one method a consequence, in the event's transaction: either all of it is
 * there or nothing. Messages go through the outbox and leave after commit.
 */
@Injectable()
export class Consequences {
  private readonly doing: Readonly<Record<Consequence, (tx: EntityManager, event: EventAtWork) => Promise<Followed>>> = {
    registration: async (tx, event) => ({ n: 1, before: await this.endRegistration(tx, event) }),
    plans: async (tx, event) => counted(await this.orders.endPlans(tx, event.senior.id, event.from)),
    stops: async (tx, event) => counted(await this.holds.hold(tx, await this.holds.open(event.senior.id, stoppedDays(event), tx), event.actor.staff.staffId)),
    orders: (tx, event) => this.stopOrders(tx, event),
    // Ended with the registration, or by EditSenior where a move leads to another point.
    face: async (_tx, event) => ({ n: event.ended?.consentsEnded ?? event.consentsEnded ?? 0, before: null }),
    cards: async (_tx, event) => ({ n: event.ended?.cards.length ?? 0, before: null }),
    categories: (tx, event) => this.changeCategory(tx, event),
    contacts: async (tx, event) => ({ n: await this.tellContacts(tx, event), before: null }),
    'meals-after': async (tx, event) => ({ n: (await this.mealsAfter(tx, event)).meals, before: null }),
    wallet: (tx, event) => this.freeWallet(tx, event),
    stay: (tx, event) => this.changeStay(tx, event),
    home: (tx, event) => this.moveHome(tx, event),
    // The daily job makes offers; nobody reports a birthday.
    offer: () => Promise.resolve({ n: 0, before: null }),
  };

  constructor(
    private readonly registration: EndRegistration,
    private readonly orders: SeniorOrders,
    private readonly holds: StopHolds,
    private readonly stays: SeniorStays,
    private readonly categories: RecordCategory,
    private readonly editSenior: EditSenior,
    private readonly notices: Notices,
    private readonly wallet: FreeWallet,
    private readonly meals: MealsAfterQuery,
  ) {}

  async follow(tx: EntityManager, consequence: Consequence, event: EventAtWork): Promise<Followed> {
    return this.doing[consequence](tx, event);
  }

  /** A death or a move ends the entitlement with the day after: a meal of the day itself keeps its price. */
  private async endRegistration(tx: EntityManager, event: EventAtWork): Promise<EndedRegistration> {
    const status = event.kind === 'death' ? 'deceased' : 'moved';
    event.ended = await this.registration.execute(tx, event.senior, { status, from: event.from, staffId: event.actor.staff.staffId });
    return event.ended;
  }

  private async stopOrders(tx: EntityManager, event: EventAtWork): Promise<Followed> {
    if (event.kind === 'stay-end') return this.resumeOrders(tx, event);
    const ahead = await this.orders.ahead(event.senior.id, stoppedDays(event), tx);
    if (event.request.kind !== 'move-within') return counted(await this.orders.cancel(tx, ahead.map(({ id }) => id)));
    const { moved, left } = await this.orders.moveTo(tx, ahead, event.request.pointId);
    return { n: moved.length, before: { moved, left, pointId: event.senior.pointId } };
  }

  /** What a stay had stopped comes back from the day of return on, where its cut-off lies ahead. */
  private async resumeOrders(tx: EntityManager, event: EventAtWork): Promise<Followed> {
    const [row] = await tx.query<{ before: string }[]>(
      `SELECT f.before_state AS \`before\` FROM life_event_effect f JOIN senior_stay y ON y.id = f.life_event_id
       WHERE y.senior_id = ? AND y.active = 1 AND y.to_day = ? AND f.consequence = 'orders' ORDER BY y.from_day DESC LIMIT 1`, [event.senior.id, event.from],
    );
    const cancelled = row === undefined ? [] : parseJson<string[]>(row.before);
    const days = await tx.query<{ id: string }[]>('SELECT id FROM meal_order WHERE id IN (?) AND business_day >= ?', [cancelled.length === 0 ? [''] : cancelled, event.from]);
    return counted(await this.orders.restore(tx, days.map(({ id }) => id)));
  }

  private async changeCategory(tx: EntityManager, event: EventAtWork): Promise<Followed> {
    const { request, senior, actor } = event;
    if (request.kind === 'category-start') {
      const { id } = await this.categories.addIn(tx, senior.id, {
        code: request.code, source: request.source, evidence: request.evidence, validFrom: request.from, validTo: request.to,
      }, actor);
      event.category = { id, code: request.code, validTo: null };
      return { n: 1, before: { added: id } };
    }
    if (request.kind === 'category-end') {
      const before = await this.categories.endIn(tx, senior.id, request.categoryId, { validTo: request.from, reason: request.evidence }, actor);
      event.category = { id: request.categoryId, ...before };
      return { n: 1, before: { ended: request.categoryId, validTo: before.validTo } };
    }
    return { n: event.ended?.categories.length ?? 0, before: null };
  }

  /** Neutral words: the report may be wrong, and nobody should learn of a death from a machine. */
  private async tellContacts(tx: EntityManager, event: EventAtWork): Promise<number> {
    const contacts = await tx.query<{ id: string }[]>("SELECT id FROM senior_contact WHERE senior_id = ? AND kind IN ('emergency', 'family', 'guardian')", [event.senior.id]);
    const [point] = await tx.query<{ phone: string }[]>('SELECT phone FROM point WHERE id = ?', [event.senior.pointId]);
    for (const { id } of contacts) {
      await this.notices.request(tx, {
        kind: 'meals-ended', recipientKind: 'contact', recipientId: id,
        facts: { name: maskName(event.senior.name, event.senior.sex), phone: point?.phone ?? '' }, dedupKey: `ended-${event.eventId.slice(-12)}-${id}`,
      });
    }
    return contacts.length;
  }

  private async mealsAfter(tx: EntityManager, event: EventAtWork): ReturnType<MealsAfterQuery['sumFor']> {
    return this.meals.sumFor(event.senior.id, {
      first: firstDayWithoutMeals(event.kind, event.from), to: event.to, categoryCode: event.kind === 'category-end' ? event.category?.code ?? '' : null,
    }, tx);
  }

  /** Own money stays the senior's and then the heirs'; it waits for a payee with proof. A subsidy is never stored, so none is freed. */
  private async freeWallet(tx: EntityManager, event: EventAtWork): Promise<Followed> {
    const freed = await this.wallet.free(tx, { seniorId: event.senior.id, lifeEventId: event.eventId, staffId: event.actor.staff.staffId });
    return freed === null ? { n: 0, before: null } : { n: 1, before: { releaseId: freed.releaseId } };
  }

  private async changeStay(tx: EntityManager, event: EventAtWork): Promise<Followed> {
    if (event.request.kind === 'stay-end') {
      const stay = await this.stays.current(tx, event.senior.id, event.request.stay, addDays(event.from, -1));
      if (stay === null) return { n: 0, before: null };
      await this.stays.end(tx, stay.id, event.from);
      return { n: 1, before: { stayId: stay.id, toDay: stay.toDay } };
    }
    await this.stays.add(tx, { eventId: event.eventId, seniorId: event.senior.id, kind: event.kind as StayKind, fromDay: event.from, toDay: event.to });
    return { n: 1, before: null };
  }

  private async moveHome(tx: EntityManager, event: EventAtWork): Promise<Followed> {
    if (event.request.kind !== 'move-within') throw new InvariantError('only a move changes a home');
    const { home, pointId, communityId } = event.request;
    const standing = async (): Promise<number> =>
      Number((await tx.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM consent WHERE senior_id = ? AND withdrawn_at IS NULL', [event.senior.id]))[0]?.n ?? 0);
    const consents = await standing();
    const before = await this.editSenior.edit(tx, event.senior.id, { home, pointId, communityId }, event.actor);
    event.consentsEnded = consents - await standing();
    return { n: 1, before };
  }

}

function counted(list: readonly unknown[]): Followed {
  return { n: list.length, before: list };
}
