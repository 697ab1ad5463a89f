import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type {
  ClawBackListAnswer, ClawBackQuery, DecideClawBackAnswer, DecideClawBackRequest, MealsAfterAnswer, ProposeClawBackRequest,
} from '../../../contract/life-events.js';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { Clock } from '../../../infra/clock/clock.js';
import { affectedRows } from '../../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../../infra/http/actor.js';
import { scopeFilter } from '../../../infra/http/scope-filter.js';
import { Idempotency } from '../../../infra/idempotency/idempotency.js';
import { AuditTrail } from '../../audit/index.js';
import { LateLines } from '../../closing/index.js';
import { RepriceMeal, ReverseMeal } from '../../payment/index.js';
import { newId } from '../../../infra/ids.js';
import { SeniorRecords, SENIOR_SCOPE } from '../../seniors/index.js';
import { EventScope } from '../event-scope.js';
import { MealsAfterQuery } from './meals-after.query.js';

/** Most meals of one event that are listed at once; a year of lunches and dinners. */
const LONGEST_LIST = 750;
/** Where a meal was served: findings belong to places, also where the public ate. */
const PLACE = { streetId: 'k.street_id', communityId: 'k.id', pointId: 'm.point_id' };

interface Proposed { state: string; proposedBy: string; seniorId: string | null; subsidyFen: number; eventKind: string | null }

/**
 * Meals whose money returns, after a life event or for a confirmed exception: proposed by one person, decided by
 * another, each posted once, booked today. The only place that decides on taking a meal back afterwards.
 */
@Injectable()
export class ClawBacks {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly idempotency: Idempotency,
    private readonly scope: EventScope,
    private readonly meals: MealsAfterQuery,
    private readonly reverseMeal: ReverseMeal,
    private readonly reprice: RepriceMeal,
    private readonly late: LateLines,
    private readonly records: SeniorRecords,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError LIFE_EVENT.NOT_FOUND */
  async ofEvent(eventId: string, actor: Actor): Promise<MealsAfterAnswer> {
    await this.scope.find(this.unitOfWork.reader, eventId, actor);
    const filter = { sql: 'e.id = ?', params: [eventId] };
    const rows = await this.meals.rows(filter, actor.staff.staffId, { size: LONGEST_LIST, offset: 0 });
    return { rows, sum: await this.meals.sum(filter) };
  }

  async list(query: ClawBackQuery, actor: Actor): Promise<ClawBackListAnswer> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const state = query.state === undefined ? '' : ` AND COALESCE(c.state, 'open') = ?`;
    const filter = { sql: `${scope.sql}${state}`, params: [...scope.params, ...(query.state === undefined ? [] : [query.state])] };
    const place = scopeFilter(actor.staff, PLACE);
    const findings = { sql: `${place.sql}${query.state === undefined ? '' : ' AND c.state = ?'}`, params: [...place.params, ...(query.state === undefined ? [] : [query.state])] };
    const tx = this.unitOfWork.reader;
    const rows = await this.meals.rows(filter, actor.staff.staffId, { size: query.size, offset: (query.page - 1) * query.size }, tx, findings);
    const sum = await this.meals.sum(filter, tx, findings);
    return { rows, total: sum.meals, sum };
  }

  /** @throws DomainError LIFE_EVENT.NOT_FOUND, LIFE_EVENT.REVERSED, CLAW_BACK.NOT_LISTED, CLAW_BACK.SAME_PRICE, CLAW_BACK.ALREADY */
  async propose(eventId: string, request: ProposeClawBackRequest, actor: Actor): Promise<{ proposed: number }> {
    return this.unitOfWork.run(async (tx) => {
      const event = await this.scope.find(tx, eventId, actor, true);
      if (event.reversed) throw new DomainError('LIFE_EVENT.REVERSED', 'conflict');
      const listed = await this.meals.rows({ sql: 'e.id = ?', params: [eventId] }, actor.staff.staffId, { size: LONGEST_LIST, offset: 0 }, tx);
      let proposed = 0;
      for (const mealId of new Set(request.mealIds)) {
        const meal = listed.find((row) => row.mealId === mealId);
        if (meal === undefined) throw new DomainError('CLAW_BACK.NOT_LISTED', 'refused');
        if (meal.state !== 'open' && meal.state !== 'refused') throw new DomainError('CLAW_BACK.ALREADY', 'conflict');
        // Somebody whose category ended did eat: what was too much is a part of the price, not the meal.
        const subsidyFen = event.kind === 'category-end' ? await this.reprice.differenceFen(tx, mealId) : meal.subsidyFen;
        if (event.kind === 'category-end' && subsidyFen <= 0) continue;
        await this.insert(tx, eventId, { ...meal, subsidyFen }, request.reason, actor);
        proposed += 1;
      }
      if (proposed === 0) throw new DomainError('CLAW_BACK.SAME_PRICE', 'refused');
      await this.records.note(tx, actor, 'claw-back.proposed', event.seniorId, { lifeEventId: eventId, meals: proposed });
      return { proposed };
    });
  }

  /** Meals of a finding that was just confirmed, in its transaction; who asks there has looked at the finding. @throws DomainError CLAW_BACK.ALREADY */
  async askForFinding(tx: EntityManager, findingId: string, mealIds: readonly string[], reason: string, actor: Actor): Promise<void> {
    await tx.query(
      `UPDATE claw_back SET life_event_id = NULL, finding_id = ?, state = 'proposed', proposed_by = ?, proposed_at = ?, reason = ?, decided_by = NULL, decided_at = NULL
       WHERE meal_id IN (?) AND state = 'refused'`, [findingId, actor.staff.staffId, this.clock.now(), reason.slice(0, 120), mealIds],
    );
    try {
      await tx.query(
        `INSERT INTO claw_back (meal_id, finding_id, state, gross_fen, subsidy_fen, proposed_by, proposed_at, reason)
         SELECT id, ?, 'proposed', gross_fen, gross_fen - due_fen, ?, ?, ? FROM meal WHERE id IN (?) AND id NOT IN (SELECT meal_id FROM claw_back WHERE finding_id = ?)`,
        [findingId, actor.staff.staffId, this.clock.now(), reason.slice(0, 120), mealIds, findingId],
      );
    } catch (error) {
      if (isDuplicateKey(error)) throw new DomainError('CLAW_BACK.ALREADY', 'conflict');
      throw error;
    }
  }

  /** @throws DomainError CLAW_BACK.NOT_FOUND, CLAW_BACK.ALREADY, CLAW_BACK.SAME_PERSON, CLAW_BACK.REASON_MISSING, and those of ReverseMeal */
  async decide(mealId: string, request: DecideClawBackRequest, actor: Actor, key: string): Promise<DecideClawBackAnswer> {
    const { answer } = await this.idempotency.run(
      { scope: `staff:${actor.staff.staffId}`, key, request: { clawBack: mealId, ...request } }, (tx) => this.decideIn(tx, mealId, request, actor, key),
    );
    return answer;
  }

  private async decideIn(tx: EntityManager, mealId: string, request: DecideClawBackRequest, actor: Actor, key: string): Promise<DecideClawBackAnswer> {
    const row = await this.proposed(tx, mealId, request, actor);
    const reversal = request.approve
      ? await this.reverseMeal.execute(tx, { mealId, note: request.reason, staffId: actor.staff.staffId, key })
      : null;
    const repricedMealId = reversal !== null && row.eventKind === 'category-end' ? await this.bookAgain(tx, mealId, reversal.bookedOn, actor) : null;
    const state = request.approve ? 'approved' as const : 'refused' as const;
    await tx.query(
      'UPDATE claw_back SET state = ?, decided_by = ?, decided_at = ?, transfer_id = ?, booked_on = ?, reason = IF(? = \'\', reason, ?), repriced_meal_id = ? WHERE meal_id = ?',
      [state, actor.staff.staffId, this.clock.now(), reversal?.transferId ?? null, reversal?.bookedOn ?? null, request.reason, request.reason, repricedMealId, mealId],
    );
    const detail = { mealId, subsidyFen: Number(row.subsidyFen) };
    if (row.seniorId !== null) await this.records.note(tx, actor, `claw-back.${state}`, row.seniorId, detail);
    else await this.audit.record({ ...auditActor(actor), action: `claw-back.${state}`, objectKind: 'meal', objectId: mealId, outcome: 'done', detail }, tx);
    return { mealId, state, subsidyFen: Number(row.subsidyFen), bookedOn: reversal?.bookedOn ?? null, repricedMealId };
  }

  /** What another person proposed, locked. @throws DomainError CLAW_BACK.NOT_FOUND, CLAW_BACK.ALREADY, CLAW_BACK.SAME_PERSON, CLAW_BACK.REASON_MISSING */
  private async proposed(tx: EntityManager, mealId: string, request: DecideClawBackRequest, actor: Actor): Promise<Proposed> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const place = scopeFilter(actor.staff, PLACE);
    const [row] = await tx.query<Proposed[]>(
      `SELECT c.state, c.proposed_by AS proposedBy, e.senior_id AS seniorId, c.subsidy_fen AS subsidyFen, e.kind AS eventKind
       FROM claw_back c JOIN meal m ON m.id = c.meal_id JOIN point p ON p.id = m.point_id JOIN community k ON k.id = p.community_id
       LEFT JOIN life_event e ON e.id = c.life_event_id LEFT JOIN senior s ON s.id = e.senior_id
       WHERE c.meal_id = ? AND IF(c.life_event_id IS NULL, ${place.sql}, ${scope.sql}) FOR UPDATE`,
      [mealId, ...place.params, ...scope.params],
    );
    if (row === undefined) throw new DomainError('CLAW_BACK.NOT_FOUND', 'not-found');
    if (row.state !== 'proposed') throw new DomainError('CLAW_BACK.ALREADY', 'conflict');
    if (row.proposedBy === actor.staff.staffId) throw new DomainError('CLAW_BACK.SAME_PERSON', 'forbidden');
    if (!request.approve && request.reason === '') throw new DomainError('CLAW_BACK.REASON_MISSING', 'invalid');
    return row;
  }

  /** The meal under its right price, as a late line of its day, so that day, portions and till stay as they were. */
  private async bookAgain(tx: EntityManager, mealId: string, bookedOn: BusinessDay, actor: Actor): Promise<string> {
    const lineId = newId<string>();
    const again = await this.reprice.bookAgain(tx, mealId, { bookedOn, lineId, staffId: actor.staff.staffId });
    await this.late.noteBooked(tx, {
      kind: 'repriced', id: lineId, sourceId: mealId, pointId: again.pointId, mealDay: again.mealDay, mealId: again.mealId, seniorId: again.seniorId, recordedBy: actor.staff.staffId,
    });
    return again.mealId;
  }

  private async insert(tx: EntityManager, eventId: string, meal: { mealId: string; grossFen: number; subsidyFen: number }, reason: string, actor: Actor): Promise<void> {
    // What was refused, or fell with an earlier report, is asked for anew; who decided on it then is in the audit.
    const anew: unknown = await tx.query(
      `UPDATE claw_back c SET life_event_id = ?, finding_id = NULL, state = 'proposed', proposed_by = ?, proposed_at = ?, reason = ?, decided_by = NULL, decided_at = NULL
       WHERE c.meal_id = ? AND c.state = 'refused'`, [eventId, actor.staff.staffId, this.clock.now(), reason, meal.mealId],
    );
    if (affectedRows(anew) === 1) return;
    try {
      await tx.query(
        `INSERT INTO claw_back (meal_id, life_event_id, state, gross_fen, subsidy_fen, proposed_by, proposed_at, reason) VALUES (?, ?, 'proposed', ?, ?, ?, ?, ?)`,
        [meal.mealId, eventId, meal.grossFen, meal.subsidyFen, actor.staff.staffId, this.clock.now(), reason],
      );
    } catch (error) {
      if (isDuplicateKey(error)) throw new DomainError('CLAW_BACK.ALREADY', 'conflict');
      throw error;
    }
  }
}
