import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type {
  ClawBackListAnswer, ClawBackQuery, DecideClawBackAnswer, DecideClawBackRequest, MealAfterRow, MealsAfterAnswer, ProposeClawBackRequest,
} from '../../../contract/life-events.js';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import type { Fen } from '../../../domain/kernel/money.js';
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

interface Proposed { state: string; proposedBy: string; seniorId: string | null; subsidyFen: number; eventKind: string | null; code: string | null; fallen: number }
interface Booked { readonly transferId: string; readonly bookedOn: BusinessDay; readonly subsidyFen: number; readonly repricedMealId: string | null }
/** What was booked instead of a meal. */
interface BookedAgain { readonly mealId: string; readonly differenceFen: Fen }

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
    const event = await this.scope.find(this.unitOfWork.reader, eventId, actor);
    const filter = { sql: 'e.id = ?', params: [eventId] };
    const listed = await this.meals.rows(filter, actor.staff.staffId, { size: LONGEST_LIST, offset: 0 });
    const sum = await this.meals.sum(filter);
    if (event.kind !== 'category-end') return { rows: listed, sum };
    // Of a meal that was eaten all the same only the difference comes back; who bears how much of it is known once it is booked.
    const rows = await this.unitOfWork.run((tx) => this.withDifferences(tx, listed, event.code ?? ''));
    return { rows, sum: { ...sum, subsidyFen: rows.reduce((total, row) => total + row.subsidyFen, 0), payers: [] } };
  }

  private async withDifferences(tx: EntityManager, rows: MealAfterRow[], code: string): Promise<MealAfterRow[]> {
    const shown: MealAfterRow[] = [];
    for (const row of rows) shown.push(row.state === 'open' ? { ...row, subsidyFen: (await this.reprice.compare(tx, row.mealId, code)).differenceFen } : row);
    return shown;
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
        const change = event.kind === 'category-end' ? await this.reprice.compare(tx, mealId, event.code ?? '') : null;
        if (change?.changes === false) continue;
        await this.insert(tx, eventId, { ...meal, subsidyFen: change?.differenceFen ?? meal.subsidyFen }, request.reason, actor);
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
      `UPDATE claw_back SET life_event_id = NULL, finding_id = ?, state = 'proposed', subsidy_fen = (SELECT m.gross_fen - m.due_fen FROM meal m WHERE m.id = claw_back.meal_id), proposed_by = ?, proposed_at = ?, reason = ?, decided_by = NULL, decided_at = NULL
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
    const booked = request.approve ? await this.book(tx, mealId, row, request, actor, key) : null;
    const { subsidyFen, transferId, bookedOn, repricedMealId } = booked ?? { subsidyFen: Number(row.subsidyFen), transferId: null, bookedOn: null, repricedMealId: null };
    const state = request.approve ? 'approved' as const : 'refused' as const;
    await tx.query(
      'UPDATE claw_back SET state = ?, decided_by = ?, decided_at = ?, transfer_id = ?, booked_on = ?, reason = IF(? = \'\', reason, ?), repriced_meal_id = ?, subsidy_fen = ? WHERE meal_id = ?',
      [state, actor.staff.staffId, this.clock.now(), transferId, bookedOn, request.reason, request.reason, repricedMealId, subsidyFen, mealId],
    );
    const detail = { mealId, subsidyFen };
    if (row.seniorId !== null) await this.records.note(tx, actor, `claw-back.${state}`, row.seniorId, detail);
    else await this.audit.record({ ...auditActor(actor), action: `claw-back.${state}`, objectKind: 'meal', objectId: mealId, outcome: 'done', detail }, tx);
    return { mealId, state, subsidyFen, bookedOn, repricedMealId };
  }

  /** Takes the meal back; one that was eaten after a category had ended is booked again under its right price. */
  private async book(tx: EntityManager, mealId: string, row: Proposed, request: DecideClawBackRequest, actor: Actor, key: string): Promise<Booked> {
    const reversal = await this.reverseMeal.execute(tx, { mealId, note: request.reason, staffId: actor.staff.staffId, key });
    const again = row.eventKind === 'category-end' ? await this.bookAgain(tx, mealId, row.code ?? '', reversal.bookedOn, actor) : null;
    return { ...reversal, subsidyFen: again?.differenceFen ?? Number(row.subsidyFen), repricedMealId: again?.mealId ?? null };
  }

  /** What another person proposed, locked. @throws DomainError CLAW_BACK.NOT_FOUND, CLAW_BACK.ALREADY, CLAW_BACK.SAME_PERSON, CLAW_BACK.REASON_MISSING, LIFE_EVENT.REVERSED */
  private async proposed(tx: EntityManager, mealId: string, request: DecideClawBackRequest, actor: Actor): Promise<Proposed> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const place = scopeFilter(actor.staff, PLACE);
    const [row] = await tx.query<Proposed[]>(
      `SELECT c.state, c.proposed_by AS proposedBy, e.senior_id AS seniorId, c.subsidy_fen AS subsidyFen, e.kind AS eventKind, JSON_VALUE(e.detail, '$.code') AS code,
         EXISTS (SELECT 1 FROM life_event v WHERE v.reverses_id = e.id) AS fallen
       FROM claw_back c JOIN meal m ON m.id = c.meal_id JOIN point p ON p.id = m.point_id JOIN community k ON k.id = p.community_id
       LEFT JOIN life_event e ON e.id = c.life_event_id LEFT JOIN senior s ON s.id = e.senior_id
       WHERE c.meal_id = ? AND IF(c.life_event_id IS NULL, ${place.sql}, ${scope.sql}) FOR UPDATE`,
      [mealId, ...place.params, ...scope.params],
    );
    if (row === undefined) throw new DomainError('CLAW_BACK.NOT_FOUND', 'not-found');
    if (row.state !== 'proposed') throw new DomainError('CLAW_BACK.ALREADY', 'conflict');
    if (row.proposedBy === actor.staff.staffId) throw new DomainError('CLAW_BACK.SAME_PERSON', 'forbidden');
    // The report was taken back since: nothing rests on it any more.
    if (request.approve && Number(row.fallen) === 1) throw new DomainError('LIFE_EVENT.REVERSED', 'conflict');
    if (!request.approve && request.reason === '') throw new DomainError('CLAW_BACK.REASON_MISSING', 'invalid');
    return row;
  }

  /** The meal under its right price, as a late line of its day, so that day, portions and till stay as they were. */
  private async bookAgain(tx: EntityManager, mealId: string, code: string, bookedOn: BusinessDay, actor: Actor): Promise<BookedAgain> {
    const lineId = newId<string>();
    const again = await this.reprice.bookAgain(tx, mealId, code, { bookedOn, lineId, staffId: actor.staff.staffId });
    await this.late.noteBooked(tx, {
      kind: 'repriced', id: lineId, sourceId: mealId, pointId: again.pointId, mealDay: again.mealDay, mealId: again.mealId, seniorId: again.seniorId, recordedBy: actor.staff.staffId,
    });
    return again;
  }

  /**
   * The end of a category was taken back by two: meals that were booked again because of it are booked once more, under the
   * category that holds again.
   *
   * @returns how many
   */
  async correctAfterUndo(tx: EntityManager, event: { readonly id: string; readonly code: string | null }, undoId: string, actor: Actor): Promise<number> {
    const rows = await tx.query<{ mealId: string; repricedMealId: string }[]>(
      `SELECT c.meal_id AS mealId, c.repriced_meal_id AS repricedMealId FROM claw_back c LEFT JOIN meal_reversal r ON r.meal_id = c.repriced_meal_id
       WHERE c.life_event_id = ? AND c.state = 'approved' AND c.repriced_meal_id IS NOT NULL AND r.meal_id IS NULL ORDER BY c.meal_id FOR UPDATE`, [event.id],
    );
    for (const { mealId, repricedMealId } of rows) {
      const run = { scope: `staff:${actor.staff.staffId}`, key: `undo-${undoId.slice(-12)}-${mealId}`, request: { undo: undoId, mealId } };
      await this.idempotency.runWithin(tx, run, async () => {
        const { bookedOn } = await this.reverseMeal.execute(tx, { mealId: repricedMealId, note: '撤销误报', staffId: actor.staff.staffId, key: run.key });
        const again = await this.bookAgain(tx, repricedMealId, event.code ?? '', bookedOn, actor);
        await tx.query("UPDATE claw_back SET state = 'refused', reason = '撤销误报，已按原资格重记' WHERE meal_id = ?", [mealId]);
        return { mealId: again.mealId };
      });
    }
    return rows.length;
  }

  private async insert(tx: EntityManager, eventId: string, meal: { mealId: string; grossFen: number; subsidyFen: number }, reason: string, actor: Actor): Promise<void> {
    // What was refused, or fell with an earlier report, is asked for anew; who decided on it then is in the audit.
    const anew: unknown = await tx.query(
      `UPDATE claw_back c SET life_event_id = ?, finding_id = NULL, state = 'proposed', gross_fen = ?, subsidy_fen = ?, proposed_by = ?, proposed_at = ?, reason = ?, decided_by = NULL, decided_at = NULL
       WHERE c.meal_id = ? AND c.state = 'refused'`, [eventId, meal.grossFen, meal.subsidyFen, actor.staff.staffId, this.clock.now(), reason, meal.mealId],
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
