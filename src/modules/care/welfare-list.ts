import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RecordCallRequest } from '../../contract/care.js';
import { clockText, instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { MEAL_PERIODS, type MealPeriod } from '../../domain/kernel/meal-period.js';
import type { DeliverySettings } from '../../domain/routing/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { PointScope } from '../sites/index.js';
import { CareNotices } from './care-notices.js';

/**
 * Somebody in hospital or gone, as the register knows it. What a crew ticks at a shut door is no proof of it: a wrong press would
 * leave a person behind that door uncalled. Constant SQL about s (stop), o (order), x (senior).
 */
const KNOWN_AWAY = `(s.reason <=> 'moved-away' AND x.status <> 'active' OR s.reason <=> 'in-hospital' AND (x.status <> 'active' OR EXISTS (
  SELECT 1 FROM senior_stay y WHERE y.senior_id = o.senior_id AND y.active = 1 AND y.from_day <= o.business_day AND (y.to_day IS NULL OR y.to_day > o.business_day))))`;

/** Worst cause first: a person is called once for what is known, for the gravest. happenedAt is null where a meal's time ran out without news. */
const CAUSES_SQL = `SELECT seniorId, pointId, cause, grade, period, happenedAt FROM (
    SELECT l.senior_id AS seniorId, l.point_id AS pointId, 'ladder-open' AS cause, 1 AS grade, l.period, l.opened_at AS happenedAt FROM care_ladder l
      WHERE l.street_id = ? AND l.business_day = ? AND (l.outcome IS NULL OR l.outcome = 'handed-over')
    UNION ALL SELECT n.senior_id, o.point_id, 'worried', 2, o.period, n.recorded_at FROM care_note n JOIN route_stop s ON s.id = n.route_stop_id JOIN meal_order o ON o.id = s.meal_order_id
      JOIN point p ON p.id = o.point_id JOIN community c ON c.id = p.community_id WHERE c.street_id = ? AND o.business_day = ? AND n.level <> 'usual'
    UNION ALL SELECT o.senior_id, o.point_id, 'not-handed-over', 3, o.period, s.result_at FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id
      JOIN point p ON p.id = o.point_id JOIN community c ON c.id = p.community_id
      JOIN senior x ON x.id = o.senior_id
      WHERE c.street_id = ? AND o.business_day = ? AND s.result IN ('absent', 'refused') AND COALESCE(s.reason, '') <> 'stopped' AND NOT ${KNOWN_AWAY}
    UNION ALL SELECT o.senior_id, o.point_id, IF(s.id IS NULL AND h.meal_order_id IS NULL, 'on-no-trip', 'not-known'), 4, o.period, NULL FROM meal_order o
      JOIN point p ON p.id = o.point_id JOIN community c ON c.id = p.community_id LEFT JOIN route_stop s ON s.meal_order_id = o.id
      LEFT JOIN plan_cure k ON k.meal_order_id = o.id AND k.kind = 'not-today' LEFT JOIN plan_cure h ON h.meal_order_id = o.id AND h.kind = 'by-hand'
      LEFT JOIN radius_decision d ON d.meal_order_id = o.id AND d.decided_by IS NOT NULL AND d.decision = 'listed'
      WHERE c.street_id = ? AND o.business_day = ? AND o.active = 1 AND o.fulfilment = 'delivery' AND o.status = 'ordered' AND o.period IN (?)
        AND (s.result = 'open' OR (s.id IS NULL AND k.meal_order_id IS NULL AND d.id IS NULL))
  ) found ORDER BY grade, seniorId`;

interface Found { seniorId: string; pointId: string; cause: string; period: MealPeriod; happenedAt: Date }
type FoundSql = Omit<Found, 'happenedAt'> & { happenedAt: Date | null };

/** Between looks for whoever is to be added. */
const LOOK_AGAIN_MS = 5 * 60_000;

/** The people to call after lunch: who was not reached, whose meal came back, who seemed changed, of whom nobody knows anything. */
@Injectable()
export class WelfareList {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly settings: DeliverySettingsBook,
    private readonly points: PointScope,
    private readonly notices: CareNotices,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * Builds the lists whose hour has come, and adds to them until midnight whoever is heard of later.
   *
   * @param failed told of a street whose list could not be made; the others are made all the same
   * @returns lists with somebody new, or built
   */
  async buildDue(failed: (cause: unknown) => void): Promise<number> {
    const today = this.clock.today();
    const now = this.clock.now();
    const streets = await this.unitOfWork.reader.query<{ id: string }[]>(
      'SELECT s.id FROM street s LEFT JOIN welfare_list w ON w.street_id = s.id AND w.business_day = ? WHERE w.street_id IS NULL OR w.built_at <= ? ORDER BY s.id',
      [today, new Date(now.getTime() - LOOK_AGAIN_MS)],
    );
    let built = 0;
    for (const { id } of streets) if (await this.buildOf(id).catch(failed) === true) built += 1;
    return built;
  }

  private async buildOf(streetId: string): Promise<boolean> {
    const settings = await this.settings.of(streetId);
    return this.clock.now() >= instantOf(this.clock.today(), settings.welfareFromMin) && this.build(streetId, settings);
  }

  /** @throws DomainError CARE.CALL_MADE where somebody else has called since the list was shown; REQUEST.NOT_FOUND outside the scope */
  async record(callId: string, request: RecordCallRequest, staff: StaffIdentity): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const [call] = await tx.query<{ pointId: string; calledAt: Date | null }[]>('SELECT point_id AS pointId, called_at AS calledAt FROM welfare_call WHERE id = ? FOR UPDATE', [callId]);
      if (call === undefined || !(await this.points.points(staff, tx)).some((id) => id === call.pointId)) return this.points.refuse(staff, 'welfare-call', callId);
      if (call.calledAt !== null && call.calledAt.toISOString() !== request.shownCalledAt) throw new DomainError('CARE.CALL_MADE', 'conflict');
      await tx.query(`UPDATE welfare_call c SET result = ?, note = ?, called_by = ?, called_at = ?, waiting = NULL,
           known_at = COALESCE(c.known_at, (SELECT w.built_at FROM welfare_list w WHERE w.street_id = c.street_id AND w.business_day = c.business_day)) WHERE id = ?`,
        [request.result, request.note, staff.staffId, this.clock.now(), callId]);
      return this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'welfare-call.recorded', objectKind: 'welfare-call', objectId: callId, outcome: 'done', detail: { result: request.result },
      }, tx);
    });
  }

  private async build(streetId: string, settings: DeliverySettings): Promise<boolean> {
    const day = this.clock.today();
    const now = this.clock.now();
    return this.unitOfWork.run(async (tx) => {
      const first = affectedRows(await tx.query('INSERT IGNORE INTO welfare_list (street_id, business_day, built_at) VALUES (?, ?, ?)', [streetId, day, now])) === 1;
      const again = !first && affectedRows(await tx.query('UPDATE welfare_list SET built_at = ? WHERE street_id = ? AND business_day = ? AND built_at <= ?',
        [now, streetId, day, new Date(now.getTime() - LOOK_AGAIN_MS)])) === 1;
      if (!first && !again) return false;
      const overAt = (period: MealPeriod): Date => instantOf(day, settings[`${period}ToMin`] + settings.latenessGraceMin);
      const over = MEAL_PERIODS.filter((period) => now >= overAt(period));
      const found = await tx.query<FoundSql[]>(CAUSES_SQL, [streetId, day, streetId, day, streetId, day, streetId, day, over.length === 0 ? [''] : over]);
      const added = await this.list(tx, { streetId, day }, found.map((one) => ({ ...one, happenedAt: one.happenedAt ?? overAt(one.period) })));
      if (added > 0) await this.notices.welfareList(tx, streetId, day, { count: added, round: first ? '' : clockText(now) });
      return first || added > 0;
    });
  }

  /** Whoever was called stands there again for what the list did not know when they were; a call that still waits is for the gravest cause. @returns calls added */
  private async list(tx: EntityManager, of: { streetId: string; day: BusinessDay }, found: readonly Found[]): Promise<number> {
    const calls = await tx.query<{ id: string; seniorId: string; cause: string; calledAt: Date | null; knownAt: Date | null }[]>(
      'SELECT id, senior_id AS seniorId, cause, called_at AS calledAt, known_at AS knownAt FROM welfare_call WHERE street_id = ? AND business_day = ?', [of.streetId, of.day],
    );
    let added = 0;
    for (const seniorId of new Set(found.map((one) => one.seniorId))) {
      const own = calls.filter((call) => call.seniorId === seniorId);
      const knownMs = Math.max(...own.map((call) => (call.knownAt ?? call.calledAt)?.getTime() ?? 0), 0);
      const worst = found.find((one) => one.seniorId === seniorId && one.happenedAt.getTime() > knownMs);
      const waits = own.find((call) => call.calledAt === null);
      if (worst === undefined) continue;
      if (waits === undefined) {
        added += affectedRows(await tx.query('INSERT IGNORE INTO welfare_call (id, street_id, business_day, senior_id, point_id, cause) VALUES (?, ?, ?, ?, ?, ?)',
          [newId(), of.streetId, of.day, seniorId, worst.pointId, worst.cause]));
      } else if (waits.cause !== worst.cause) {
        await tx.query('UPDATE welfare_call SET cause = ? WHERE id = ? AND called_at IS NULL', [worst.cause, waits.id]);
      }
    }
    return added;
  }
}
