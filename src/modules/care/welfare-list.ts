import { Injectable } from '@nestjs/common';
import type { RecordCallRequest } from '../../contract/care.js';
import { instantOf } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { PointScope } from '../sites/index.js';
import { CareNotices } from './care-notices.js';

/** Worst cause first: a person is called once, for the gravest. */
const CAUSES_SQL = `SELECT seniorId, pointId, cause FROM (
    SELECT l.senior_id AS seniorId, l.point_id AS pointId, 'ladder-open' AS cause, 1 AS grade FROM care_ladder l
      WHERE l.street_id = ? AND l.business_day = ? AND (l.outcome IS NULL OR l.outcome = 'handed-over')
    UNION ALL SELECT n.senior_id, o.point_id, 'worried', 2 FROM care_note n JOIN route_stop s ON s.id = n.route_stop_id JOIN meal_order o ON o.id = s.meal_order_id
      JOIN point p ON p.id = o.point_id JOIN community c ON c.id = p.community_id WHERE c.street_id = ? AND o.business_day = ? AND n.level <> 'usual'
    UNION ALL SELECT o.senior_id, o.point_id, 'not-handed-over', 3 FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id
      JOIN point p ON p.id = o.point_id JOIN community c ON c.id = p.community_id
      WHERE c.street_id = ? AND o.business_day = ? AND s.result IN ('absent', 'refused') AND COALESCE(s.reason, '') NOT IN ('in-hospital', 'moved-away', 'stopped')
  ) found ORDER BY grade, seniorId`;

/** The people to call after lunch: who was not reached, whose meal came back, who seemed changed. */
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

  /** Builds the lists whose hour has come and that are not there yet. @returns lists built */
  async buildDue(): Promise<number> {
    const today = this.clock.today();
    const streets = await this.unitOfWork.reader.query<{ id: string }[]>(
      'SELECT s.id FROM street s LEFT JOIN welfare_list w ON w.street_id = s.id AND w.business_day = ? WHERE w.street_id IS NULL ORDER BY s.id', [today],
    );
    let built = 0;
    for (const { id } of streets) {
      const { welfareFromMin } = await this.settings.of(id);
      if (this.clock.now() >= instantOf(today, welfareFromMin) && await this.build(id)) built += 1;
    }
    return built;
  }

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async record(callId: string, request: RecordCallRequest, staff: StaffIdentity): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const [call] = await tx.query<{ pointId: string }[]>('SELECT point_id AS pointId FROM welfare_call WHERE id = ? FOR UPDATE', [callId]);
      if (call === undefined || !(await this.points.points(staff, tx)).some((id) => id === call.pointId)) return this.points.refuse(staff, 'welfare-call', callId);
      await tx.query('UPDATE welfare_call SET result = ?, note = ?, called_by = ?, called_at = ? WHERE id = ?',
        [request.result, request.note, staff.staffId, this.clock.now(), callId]);
      return this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'welfare-call.recorded', objectKind: 'welfare-call', objectId: callId, outcome: 'done', detail: { result: request.result },
      }, tx);
    });
  }

  private async build(streetId: string): Promise<boolean> {
    const day = this.clock.today();
    return this.unitOfWork.run(async (tx) => {
      const first: unknown = await tx.query('INSERT IGNORE INTO welfare_list (street_id, business_day, built_at) VALUES (?, ?, ?)', [streetId, day, this.clock.now()]);
      if (affectedRows(first) !== 1) return false;
      const found = await tx.query<{ seniorId: string; pointId: string; cause: string }[]>(CAUSES_SQL, [streetId, day, streetId, day, streetId, day]);
      for (const { seniorId, pointId, cause } of found) {
        await tx.query('INSERT IGNORE INTO welfare_call (id, street_id, business_day, senior_id, point_id, cause) VALUES (?, ?, ?, ?, ?, ?)',
          [newId(), streetId, day, seniorId, pointId, cause]);
      }
      const people = new Set(found.map((one) => one.seniorId)).size;
      if (people > 0) await this.notices.welfareList(tx, streetId, day, people);
      return true;
    });
  }
}
