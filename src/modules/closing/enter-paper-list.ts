import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EnterPaperListRequest, PaperListAnswer } from '../../contract/paper.js';
import { instantOf } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope, SiteDirectory } from '../sites/index.js';
import { PaperLists, type PaperListHead } from './paper-list.query.js';
import { PostPaperLine, type PaperLine } from './post-paper-line.js';

/** Enters what was ticked on paper, line by line, each once. After the hours of the street a second person decides. */
@Injectable()
export class EnterPaperList {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: PointScope, private readonly sites: SiteDirectory, private readonly lists: PaperLists,
    private readonly post: PostPaperLine, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * Safe to repeat: a line that has an outcome keeps it; refused lines may be entered again.
   *
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, PAPER.MEAL_NOT_OVER before the meal has begun, PAPER.LINE_UNKNOWN
   */
  async execute(listId: string, request: EnterPaperListRequest, staff: StaffIdentity): Promise<PaperListAnswer> {
    const list = await this.lists.head(listId);
    if (list === null) return this.scope.refuse(staff, 'paper-list', listId);
    if (!(await this.scope.points(staff)).some((id) => id === list.pointId)) return this.scope.refuse(staff, 'paper-list', listId);
    const service = (await this.sites.mealServices(list.pointId as never)).find(({ period }) => period === list.period);
    if (this.clock.now() < instantOf(list.day, service?.startMin ?? 0)) throw new DomainError('PAPER.MEAL_NOT_OVER', 'refused');
    const inTime = this.clock.now() <= list.enterBefore;
    await this.requireLines(list, request);
    for (const entry of request.lines) {
      const lineId = await this.unitOfWork.run((tx) => this.note(tx, list, entry, staff));
      if (lineId === null) continue;
      if (inTime) await this.post.execute(list, lineId);
      else await this.unitOfWork.run((tx) => tx.query("UPDATE paper_line SET outcome = 'waiting', code = NULL WHERE id = ? AND outcome IN ('open', 'refused')", [lineId]));
    }
    await this.finish(list, request, staff, inTime);
    return this.lists.one((await this.lists.head(listId)) ?? list);
  }

  private async requireLines(list: PaperListHead, request: EnterPaperListRequest): Promise<void> {
    const lines = await this.unitOfWork.reader.query<{ lineNo: number; seniorId: string | null }[]>(
      'SELECT line_no AS lineNo, senior_id AS seniorId FROM paper_line WHERE list_id = ?', [list.id],
    );
    const known = new Map(lines.map(({ lineNo, seniorId }) => [lineNo, seniorId]));
    for (const { lineNo, seniorId } of request.lines) {
      if (!known.has(lineNo) || (known.get(lineNo) === null && seniorId === null)) throw new DomainError('PAPER.LINE_UNKNOWN', 'invalid', { line: lineNo });
    }
    const named = request.lines.flatMap(({ seniorId }) => (seniorId === null ? [] : [seniorId]));
    if (named.length === 0) return;
    // A blank line names a senior of the point's street, nobody else.
    const [row] = await this.unitOfWork.reader.query<{ n: number }[]>(
      `SELECT COUNT(DISTINCT s.id) AS n FROM senior s JOIN point p ON p.id = ? JOIN community c ON c.id = p.community_id
       WHERE s.street_id = c.street_id AND s.id IN (?)`, [list.pointId, named],
    );
    if (Number(row?.n) !== new Set(named).size) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
  }

  /** Writes who entered which tick. @returns the line to post, null where it has an outcome already */
  private async note(
    tx: EntityManager, list: PaperListHead, entry: EnterPaperListRequest['lines'][number], staff: StaffIdentity,
  ): Promise<string | null> {
    const [line] = await tx.query<(PaperLine & { outcome: string })[]>(
      'SELECT id, senior_id AS seniorId, outcome FROM paper_line WHERE list_id = ? AND line_no = ? FOR UPDATE', [list.id, entry.lineNo],
    );
    if (line === undefined || (line.outcome !== 'open' && line.outcome !== 'refused')) return null;
    await tx.query('UPDATE paper_line SET tick = ?, senior_id = COALESCE(senior_id, ?), entered_by = ?, entered_at = ? WHERE id = ?',
      [entry.tick, entry.seniorId, staff.staffId, this.clock.now(), line.id]);
    return line.id;
  }

  private async finish(list: PaperListHead, request: EnterPaperListRequest, staff: StaffIdentity, inTime: boolean): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await tx.query('UPDATE paper_list SET entered_by = COALESCE(entered_by, ?), entered_at = COALESCE(entered_at, ?), entry_reason = ? WHERE id = ?',
        [staff.staffId, this.clock.now(), request.reason, list.id]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'paper-list.entered', objectKind: 'paper-list', objectId: list.id, outcome: 'done',
        detail: { lines: request.lines.length, inTime },
      }, tx);
    });
  }
}
