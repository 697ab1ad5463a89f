import { Injectable } from '@nestjs/common';
import type { CheckPaperLineRequest, DecidePaperLineRequest, PaperListAnswer } from '../../contract/paper.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';
import { PaperLists, type PaperListHead } from './paper-list.query.js';
import { PostPaperLine } from './post-paper-line.js';

interface Line { id: string; outcome: string; enteredBy: string | null; sampled: number }

/** What a second person does to a line: decides on one that was entered too late, or calls the senior back. */
@Injectable()
export class DecidePaperLine {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: PointScope, private readonly lists: PaperLists, private readonly post: PostPaperLine,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope, PAPER.LINE_NOT_WAITING, PAPER.SAME_PERSON */
  async execute(at: { listId: string; lineId: string }, request: DecidePaperLineRequest, staff: StaffIdentity): Promise<PaperListAnswer> {
    const { list, line } = await this.find(at, staff);
    if (line.outcome !== 'waiting') throw new DomainError('PAPER.LINE_NOT_WAITING', 'conflict');
    if (line.enteredBy === staff.staffId) throw new DomainError('PAPER.SAME_PERSON', 'refused');
    if (request.approve) await this.post.execute(list, line.id, staff.staffId);
    await this.unitOfWork.run(async (tx) => {
      if (!request.approve) {
        await tx.query("UPDATE paper_line SET outcome = 'refused', code = 'PAPER.NOT_APPROVED', decided_by = ?, decided_at = ? WHERE id = ? AND outcome = 'waiting'",
          [staff.staffId, this.clock.now(), line.id]);
      }
      await this.record(tx, staff, request.approve ? 'paper-line.approved' : 'paper-line.declined', line.id);
    });
    return this.lists.one(list);
  }

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope, PAPER.NOT_SAMPLED, PAPER.SAME_PERSON */
  async check(at: { listId: string; lineId: string }, request: CheckPaperLineRequest, staff: StaffIdentity): Promise<PaperListAnswer> {
    const { list, line } = await this.find(at, staff);
    if (line.sampled !== 1) throw new DomainError('PAPER.NOT_SAMPLED', 'refused');
    if (line.enteredBy === staff.staffId) throw new DomainError('PAPER.SAME_PERSON', 'refused');
    await this.unitOfWork.run(async (tx) => {
      await tx.query('UPDATE paper_line SET check_outcome = ?, check_note = ?, checked_by = ?, checked_at = ? WHERE id = ?',
        [request.outcome, request.note, staff.staffId, this.clock.now(), line.id]);
      await this.record(tx, staff, `paper-line.check-${request.outcome}`, line.id);
    });
    return this.lists.one(list);
  }

  private async find(at: { listId: string; lineId: string }, staff: StaffIdentity): Promise<{ list: PaperListHead; line: Line }> {
    const list = await this.lists.head(at.listId);
    if (list === null || !(await this.scope.points(staff)).some((id) => id === list.pointId)) return this.scope.refuse(staff, 'paper-list', at.listId);
    const [line] = await this.unitOfWork.reader.query<Line[]>(
      'SELECT id, outcome, entered_by AS enteredBy, sampled FROM paper_line WHERE id = ? AND list_id = ?', [at.lineId, at.listId],
    );
    return line === undefined ? this.scope.refuse(staff, 'paper-line', at.lineId) : { list, line };
  }

  private record(tx: Parameters<AuditTrail['record']>[1], staff: StaffIdentity, action: string, lineId: string): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'paper-line', objectId: lineId, outcome: 'done' }, tx);
  }
}
