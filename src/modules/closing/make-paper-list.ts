import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { MakePaperListRequest, PaperListAnswer } from '../../contract/paper.js';
import { addDays, instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import type { PointId, SeniorId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory, type MealOffer } from '../menu/index.js';
import { MealSuitability } from '../nutrition/index.js';
import { MealPricing } from '../payment/index.js';
import { SeniorDirectory } from '../seniors/index.js';
import { PointScope, SiteDirectory, type PointSite } from '../sites/index.js';
import { ClosingSettingsBook } from './closing-settings-book.js';
import { PaperLists } from './paper-list.query.js';

/** Who is put on a list: who ordered to fetch, and who ate here in these days. */
const EXPECTED_DAYS = 30;
const MOST_NAMES = 300;
const END_OF_DAY_MIN = 24 * 60;

/** Makes a numbered list for the hours without power: who is expected, and what each pays for the set meal of the day. */
@Injectable()
export class MakePaperList {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: PointScope, private readonly sites: SiteDirectory, private readonly menu: MenuDirectory,
    private readonly seniors: SeniorDirectory, private readonly pricing: MealPricing, private readonly suitability: MealSuitability, private readonly settings: ClosingSettingsBook, private readonly lists: PaperLists,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope, PAPER.NO_MENU */
  async execute(pointId: string, request: MakePaperListRequest, staff: StaffIdentity, key: string): Promise<PaperListAnswer> {
    await this.scope.narrowed(staff, pointId);
    const run = { scope: `staff:${staff.staffId}`, key, request: { paperList: pointId, ...request } };
    const { answer } = await this.idempotency.run(run, (tx) => this.make(tx, pointId as PointId, request, staff));
    const head = await this.lists.head(answer.listId);
    if (head === null) throw new InvariantError('the paper list is not there');
    return this.lists.one(head);
  }

  private async make(tx: EntityManager, pointId: PointId, request: MakePaperListRequest, staff: StaffIdentity): Promise<{ listId: string }> {
    const day = request.day as BusinessDay;
    const site = await this.sites.point(pointId, tx);
    const offer = (await this.menu.offers(pointId, day, request.period, tx)).find(({ code }) => code === request.setCode);
    if (offer === undefined) throw new DomainError('PAPER.NO_MENU', 'refused');
    const { paperHours } = await this.settings.ofStreet(site.streetId, tx);
    const service = (await this.sites.mealServices(pointId, tx)).find(({ period }) => period === request.period);
    const listId = newId();
    const lines = await this.linesOf(tx, listId, site, offer, request);
    // The point is held from here on only: pricing three hundred people takes its time, and kiosks sell meanwhile.
    const listNo = await this.nextNumber(tx, pointId, request);
    await tx.query(
      'INSERT INTO paper_list (id, list_no, point_id, business_day, period, set_meal_id, printed_by, printed_at, enter_before) VALUES (?)',
      [[
        listId, listNo, pointId, day, request.period, offer.setMealId, staff.staffId, this.clock.now(),
        new Date(instantOf(day, service?.endMin ?? END_OF_DAY_MIN).getTime() + paperHours * 3_600_000),
      ]],
    );
    if (lines.length > 0) await tx.query('INSERT INTO paper_line (id, list_id, line_no, senior_id, due_fen) VALUES ?', [lines]);
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'paper-list.made', objectKind: 'paper-list', objectId: listId, outcome: 'done', detail: { day, period: request.period },
    }, tx);
    return { listId };
  }

  /** P03-261124-L2: point, day, meal, the how-manieth of that meal. The point's row keeps two makers apart. */
  private async nextNumber(tx: EntityManager, pointId: string, request: MakePaperListRequest): Promise<string> {
    const [point] = await tx.query<{ code: string }[]>('SELECT code FROM point WHERE id = ? FOR UPDATE', [pointId]);
    const [row] = await tx.query<{ n: number }[]>(
      'SELECT COUNT(*) AS n FROM paper_list WHERE point_id = ? AND business_day = ? AND period = ?', [pointId, request.day, request.period],
    );
    return `${point?.code ?? ''}-${request.day.slice(2).replaceAll('-', '')}-${request.period.charAt(0).toUpperCase()}${Number(row?.n ?? 0) + 1}`;
  }

  private async linesOf(tx: EntityManager, listId: string, site: PointSite, offer: MealOffer, request: MakePaperListRequest): Promise<unknown[][]> {
    const expected = await tx.query<{ id: string }[]>(
      `SELECT s.id FROM senior s WHERE s.point_id = ? AND s.status = 'active' AND (
         EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = s.id AND o.business_day = ? AND o.period = ? AND o.active = 1 AND o.fulfilment = 'collect')
         OR EXISTS (SELECT 1 FROM meal m WHERE m.senior_id = s.id AND m.business_day >= ? AND m.channel <> 'delivery'))
       ORDER BY s.name_initials, s.name, s.id LIMIT ?`,
      [site.pointId, request.day, request.period, addDays(request.day as BusinessDay, -EXPECTED_DAYS), MOST_NAMES],
    );
    const at = { day: offer.businessDay, period: offer.period, door: { counterOf: site.pointId } };
    const blocked = await this.suitability.blocked(tx, expected.map(({ id }) => id), at, [offer.setMealId]);
    const lines: unknown[][] = [];
    // Whom this set meal must not reach does not stand on the list that is ticked without asking a server.
    for (const { id } of expected.filter((one) => !blocked.has(one.id))) {
      const diner = await this.seniors.byId(id as SeniorId, tx);
      const { quote } = await this.pricing.priceFor(tx, { site, offer, channel: 'eat-in', diner });
      lines.push([newId(), listId, lines.length + 1, id, quote.dueFen]);
    }
    for (let blank = 0; blank < request.blankLines; blank += 1) lines.push([newId(), listId, lines.length + 1, null, null]);
    return lines;
  }
}
