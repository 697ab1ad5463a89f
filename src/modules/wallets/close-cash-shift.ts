import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ConfirmShiftRequest, CountShiftRequest } from '../../contract/cash-shifts.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { shiftClosePostings } from '../../domain/ledger/index.js';
import { judgeCount, needsSecondPerson } from '../../domain/stored-value/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { Ledger } from '../ledger/index.js';
import { PointScope, SiteDirectory } from '../sites/index.js';
import { StoredValueSettings } from './stored-value-settings.js';
import { KioskSalesUntold } from './kiosk-sales-untold.js';

interface DrawerRow {
  id: string; pointId: PointId; staffId: string; state: 'open' | 'counted' | 'closed'; businessDay: BusinessDay; openingFen: number; handoverFen: number;
  expectedFen: number | null; countedFen: number | null; keptFen: number | null; differenceFen: number | null;
}
interface Counted { readonly expectedFen: Fen; readonly countedFen: Fen; readonly keptFen: Fen; readonly differenceFen: Fen }

const DRAWER_SQL = `SELECT id, point_id AS pointId, staff_id AS staffId, state, business_day AS businessDay, opening_fen AS openingFen, handover_difference_fen AS handoverFen,
  expected_fen AS expectedFen, counted_fen AS countedFen, kept_fen AS keptFen, difference_fen AS differenceFen FROM cash_shift`;

/**
 * Counts and closes a drawer. A difference, at its count or when it was taken over, needs a reason; over the street's setting it needs a second person, and the
 * drawer takes no more cash until then. So does a kiosk of the point that has not told all of its sales: none is unsent, or two people sign that some are. What is not kept for the next shift goes to the bank.
 */
@Injectable()
export class CloseCashShift {
  constructor(
    private readonly idempotency: Idempotency, private readonly sites: SiteDirectory, private readonly points: PointScope,
    private readonly settings: StoredValueSettings, private readonly unsent: KioskSalesUntold, private readonly ledger: Ledger, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError SHIFT.NOT_OPEN, SHIFT.REASON_MISSING, SHIFT.KIOSKS_UNSENT */
  async count(command: { pointId: PointId; staffId: string; key: string; request: CountShiftRequest }): Promise<{ shiftId: string; state: 'counted' | 'closed' }> {
    const { answer } = await this.idempotency.run(
      { scope: `staff:${command.staffId}`, key: command.key, request: { countShift: command.request } }, (tx) => this.countOnce(tx, command),
    );
    return answer;
  }

  /** @throws DomainError SHIFT.NOT_COUNTED, SHIFT.OWN, REQUEST.NOT_FOUND */
  async confirm(staff: StaffIdentity, shiftId: string, key: string, request: ConfirmShiftRequest): Promise<{ shiftId: string; state: 'closed' }> {
    const scope = await this.points.points(staff);
    const { answer } = await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { confirmShift: shiftId, ...request } }, async (tx) => {
      const [drawer] = await tx.query<DrawerRow[]>(`${DRAWER_SQL} WHERE id = ? FOR UPDATE`, [shiftId]);
      if (drawer === undefined || !scope.includes(drawer.pointId)) return this.points.refuse(staff, 'cash-shift', shiftId);
      if (drawer.state !== 'counted') throw new DomainError('SHIFT.NOT_COUNTED', 'conflict');
      if (drawer.staffId === staff.staffId) throw new DomainError('SHIFT.OWN', 'forbidden');
      const counted = {
        expectedFen: fen(Number(drawer.expectedFen)), countedFen: fen(Number(drawer.countedFen)), keptFen: fen(Number(drawer.keptFen)),
        differenceFen: fen(Number(drawer.differenceFen)),
      };
      await this.close(tx, drawer, counted, { staffId: staff.staffId, key, confirmedBy: staff.staffId });
      return { shiftId, state: 'closed' as const };
    });
    return answer;
  }

  private async countOnce(
    tx: EntityManager, { pointId, staffId, key, request }: { pointId: PointId; staffId: string; key: string; request: CountShiftRequest },
  ): Promise<{ shiftId: string; state: 'counted' | 'closed' }> {
    const [drawer] = await tx.query<DrawerRow[]>(`${DRAWER_SQL} WHERE staff_id = ? AND point_id = ? AND open_mark = 1 FOR UPDATE`, [staffId, pointId]);
    if (drawer === undefined) throw new DomainError('SHIFT.NOT_OPEN', 'refused');
    const movedFen = await this.movedFen(tx, drawer.id);
    const countedFen = fen(request.countedFen);
    const keptFen = fen(request.keptFen);
    const judged = judgeCount({ openingFen: fen(Number(drawer.openingFen)), movedFen, countedFen, keptFen });
    if (judged.differenceFen !== 0 && request.reason === '') throw new DomainError('SHIFT.REASON_MISSING', 'invalid', { differenceFen: judged.differenceFen });
    const unsent = await this.unsent.of(pointId, drawer.businessDay, tx);
    if (unsent.kiosks.length > 0 && request.unsentReason === '') throw new DomainError('SHIFT.KIOSKS_UNSENT', 'refused', { kiosks: unsent.kiosks.length, sales: unsent.sales });
    await tx.query(
      `UPDATE cash_shift SET state = 'counted', open_mark = NULL, counted_at = ?, moved_fen = ?, expected_fen = ?, counted_fen = ?, kept_fen = ?,
         difference_fen = ?, reason = ?, unsent_kiosks = ?, unsent_sales = ?, unsent_reason = ? WHERE id = ?`,
      [this.clock.now(), movedFen, judged.expectedFen, countedFen, keptFen, judged.differenceFen, request.reason, unsent.kiosks.length, unsent.sales,
        unsent.kiosks.length > 0 ? request.unsentReason : '', drawer.id],
    );
    await this.audit.record({
      actorKind: 'staff', actorId: staffId, action: 'cash-shift.counted', objectKind: 'cash-shift', objectId: drawer.id, outcome: 'done',
      detail: { countedFen, expectedFen: judged.expectedFen, differenceFen: judged.differenceFen, unsentKiosks: unsent.kiosks.length, unsentSales: unsent.sales },
    }, tx);
    const { streetId } = await this.sites.point(pointId, tx);
    const { differenceLimitFen } = await this.settings.of(streetId, tx);
    // What was missing when the drawer was taken over waits for the same second person as what is missing now, or not told.
    const differs = [judged.differenceFen, fen(Number(drawer.handoverFen))].some((difference) => needsSecondPerson(difference, differenceLimitFen));
    if (differs || unsent.kiosks.length > 0) return { shiftId: drawer.id, state: 'counted' };
    await this.close(tx, drawer, { ...judged, countedFen, keptFen }, { staffId, key, confirmedBy: null });
    return { shiftId: drawer.id, state: 'closed' };
  }

  private async close(tx: EntityManager, drawer: DrawerRow, counted: Counted, by: { staffId: string; key: string; confirmedBy: string | null }): Promise<void> {
    const { streetId } = await this.sites.point(drawer.pointId, tx);
    const postings = shiftClosePostings({ pointId: drawer.pointId, streetId, ...counted });
    if (postings.length > 0) {
      await this.ledger.post(tx, {
        kind: 'shift-close', businessDay: this.clock.today(), pointId: drawer.pointId, idempotencyScope: `staff:${by.staffId}`, idempotencyKey: by.key,
        actorKind: 'staff', actorId: by.staffId, memo: `shift ${drawer.id}`, postings,
      });
    }
    await tx.query("UPDATE cash_shift SET state = 'closed', closed_at = ?, confirmed_by = ? WHERE id = ?", [this.clock.now(), by.confirmedBy, drawer.id]);
    await this.audit.record({
      actorKind: 'staff', actorId: by.staffId, action: 'cash-shift.closed', objectKind: 'cash-shift', objectId: drawer.id, outcome: 'done',
      detail: { differenceFen: counted.differenceFen, liftedFen: counted.countedFen - counted.keptFen },
    }, tx);
  }

  private async movedFen(tx: EntityManager, shiftId: string): Promise<Fen> {
    const [row] = await tx.query<{ movedFen: number | null }[]>('SELECT SUM(cash_fen) AS movedFen FROM cash_shift_entry WHERE shift_id = ?', [shiftId]);
    return fen(Number(row?.movedFen ?? 0));
  }
}
