import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DecideOfferAnswer, DecideOfferRequest, DeliveryOffersAnswer } from '../../contract/life-events.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { dayOfAge, reachedLately } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { newId } from '../../infra/ids.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { Notices } from '../notices/index.js';
import { SeniorOrders } from '../ordering/index.js';
import { SeniorRecords, SENIOR_SCOPE } from '../seniors/index.js';
import { EventScope } from './event-scope.js';

/** A worker that slept for less than this still finds every birthday. */
const CATCH_UP_DAYS = 31;

interface Candidate { seniorId: string; streetId: string; communityId: string; birthDate: BusinessDay }

/**
 * The birthday from which meals are brought home (90 by default; the age is the street's own setting): found from 00:00
 * Shanghai time on, once a person, and put on the community's list. The price follows the age by itself.
 */
@Injectable()
export class DeliveryOffers implements OnModuleInit {
  private readonly logger = new Logger(DeliveryOffers.name);

  constructor(
    private readonly upkeep: Upkeep,
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly settings: DeliverySettingsBook,
    private readonly orders: SeniorOrders,
    private readonly notices: Notices,
    private readonly records: SeniorRecords,
    private readonly scope: EventScope,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'birthdays', run: () => this.findBirthdays() });
  }

  /** @returns birthdays recorded by this run */
  async findBirthdays(): Promise<number> {
    const today = this.clock.today();
    const streets = await this.dataSource.query<{ id: string }[]>('SELECT id FROM street');
    let found = 0;
    for (const { id: streetId } of streets) {
      const { mustServeAgeYears: years } = await this.settings.of(streetId);
      const born = (day: BusinessDay): BusinessDay => `${String(Number(day.slice(0, 4)) - years).padStart(4, '0')}${day.slice(4)}` as BusinessDay;
      const candidates = await this.dataSource.query<Candidate[]>(
        `SELECT s.id AS seniorId, s.street_id AS streetId, s.community_id AS communityId, s.birth_date AS birthDate FROM senior s
         WHERE s.street_id = ? AND s.status = 'active' AND s.birth_date BETWEEN ? AND ?
           AND NOT EXISTS (SELECT 1 FROM life_event e WHERE e.senior_id = s.id AND e.kind = 'birthday-90')`,
        // A day wider on both sides: 29 February is counted below, by the one rule of ages.
        [streetId, born(addDays(today, -CATCH_UP_DAYS - 1)), born(addDays(today, 1))],
      );
      const due = candidates.filter((one) => reachedLately(one.birthDate, years, today, CATCH_UP_DAYS));
      for (const candidate of due) found += await this.record(candidate, years);
      await this.tell(due, today);
    }
    if (found > 0) this.logger.log({ msg: 'birthdays found', found });
    return found;
  }

  async list(actor: Actor): Promise<DeliveryOffersAnswer> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const rows = await this.dataSource.query<DeliveryOffersAnswer['rows']>(
      `SELECT o.life_event_id AS lifeEventId, s.id AS seniorId, s.name AS seniorName, s.birth_date AS birthDate, c.name AS communityName, p.name AS pointName,
         o.state, e.from_day AS turnedOn
       FROM delivery_offer o JOIN life_event e ON e.id = o.life_event_id JOIN senior s ON s.id = o.senior_id
       JOIN community c ON c.id = s.community_id JOIN point p ON p.id = s.point_id
       WHERE ${scope.sql} ORDER BY (o.state <> 'open'), e.from_day, o.life_event_id LIMIT 200`, [...scope.params],
    );
    return { rows, total: rows.length };
  }

  /** @throws DomainError LIFE_EVENT.NOT_FOUND, OFFER.DECIDED, SENIOR.NOT_ACTIVE */
  async decide(eventId: string, request: DecideOfferRequest, actor: Actor): Promise<DecideOfferAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const event = await this.scope.find(tx, eventId, actor);
      await this.records.findActive(event.seniorId, actor, tx, true);
      const state = request.accept ? 'accepted' as const : 'declined' as const;
      const decided: unknown = await tx.query("UPDATE delivery_offer SET state = ?, decided_by = ?, decided_at = ? WHERE life_event_id = ? AND state = 'open'",
        [state, actor.staff.staffId, this.clock.now(), eventId]);
      if (affectedRows(decided) !== 1) throw new DomainError('OFFER.DECIDED', 'conflict');
      const planId = request.accept ? await this.orders.startDelivery(tx, event.seniorId, addDays(this.clock.today(), 1)) : null;
      await this.records.note(tx, actor, `delivery-offer.${state}`, event.seniorId, { lifeEventId: eventId, planId });
      return { state, planId };
    });
  }

  private async record(candidate: Candidate, years: number): Promise<number> {
    const eventId = newId();
    try {
      await this.unitOfWork.run(async (tx) => {
        await tx.query(
          `INSERT INTO life_event (id, senior_id, kind, from_day, to_day, source, evidence, detail, once, recorded_by, at)
           VALUES (?, ?, 'birthday-90', ?, NULL, '出生日期', '系统', ?, 'birthday-90', NULL, ?)`,
          [eventId, candidate.seniorId, dayOfAge(candidate.birthDate, years), JSON.stringify({ years }), this.clock.now()],
        );
        await tx.query("INSERT INTO delivery_offer (life_event_id, senior_id, state) VALUES (?, ?, 'open')", [eventId, candidate.seniorId]);
        await tx.query("INSERT INTO life_event_effect (life_event_id, consequence, n, before_state) VALUES (?, 'offer', 1, 'null')", [eventId]);
      });
      return 1;
    } catch (error) {
      if (isDuplicateKey(error, 'uq_life_event_once')) return 0; // another worker was first
      throw error;
    }
  }

  private async tell(due: readonly Candidate[], today: BusinessDay): Promise<void> {
    const communities = new Map<string, number>();
    for (const { communityId } of due) communities.set(communityId, (communities.get(communityId) ?? 0) + 1);
    for (const [communityId, count] of communities) {
      await this.unitOfWork.run((tx) => this.notices.request(tx, {
        kind: 'birthday-90', recipientKind: 'community', recipientId: communityId, facts: { count }, dedupKey: `birthday-90-${today}-${communityId}`,
      }));
    }
  }
}
