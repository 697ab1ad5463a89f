import { Injectable } from '@nestjs/common';
import { Clock } from '../../../infra/clock/clock.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { AuditTrail } from '../../audit/index.js';
import { PointScope } from '../../sites/index.js';
import type { ExportFile } from '../finance-exports.js';
import { SheetWriter } from '../../../infra/sheets/sheet-writer.js';
import { ClaimDetails } from './claim-detail.query.js';
import { claimSheet } from './claim-sheet.js';
import { ClaimStore } from './claim-store.js';

/** A claim as a spreadsheet file; month, party and snapshot stand in its name, so that no two are taken for one another. */
@Injectable()
export class ExportClaim {
  constructor(
    private readonly details: ClaimDetails, private readonly store: ClaimStore, private readonly sheets: SheetWriter,
    private readonly points: PointScope, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND */
  async execute(staff: StaffIdentity, claimId: string): Promise<ExportFile> {
    const found = await this.details.claim(await this.store.streetOf(staff), claimId);
    if (found === null) return this.points.refuse(staff, 'claim', claimId);
    const { answer, lines } = found;
    const named = (list: readonly { key: string; label: { zh: string } }[]) => (key: string): string => list.find((one) => one.key === key)?.label.zh ?? key;
    const content = await this.sheets.write(claimSheet(answer, lines, {
      point: named(answer.points), payer: named(answer.payers), maker: staff.displayName, generatedAt: this.clock.now(),
    }));
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'finance.exported', objectKind: 'claim', objectId: claimId, outcome: 'done',
      detail: { month: answer.month, snapshotId: answer.snapshotId, status: answer.status },
    });
    return { fileName: `月度结算-${answer.month}-${answer.partyLabel.zh}-${answer.snapshotId.slice(-12)}.xlsx`, content };
  }
}
