import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OpenShiftRequest } from '../../contract/cash-shifts.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { fen, formatYuan, type Fen } from '../../domain/kernel/money.js';
import { shiftOpenPostings } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { Ledger } from '../ledger/index.js';
import { DayGate, SiteDirectory } from '../sites/index.js';

export interface OpenShiftCommand {
  readonly pointId: PointId;
  readonly staffId: string;
  readonly key: string;
  readonly request: OpenShiftRequest;
}

/** Opens a drawer with a counted float: the one a shift before left, or, where none waits, one that comes from the bank. */
@Injectable()
export class OpenCashShift {
  constructor(
    private readonly idempotency: Idempotency, private readonly gate: DayGate, private readonly sites: SiteDirectory, private readonly ledger: Ledger,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError SHIFT.ALREADY_OPEN, SHIFT.TAKEN_OVER, SHIFT.NOT_FOUND, SHIFT.FLOAT_WAITS, SHIFT.REASON_MISSING, CLOSE.DAY_CLOSED */
  async execute(command: OpenShiftCommand): Promise<{ shiftId: string }> {
    try {
      const { answer } = await this.idempotency.run(
        { scope: `staff:${command.staffId}`, key: command.key, request: { openShift: command.request } }, (tx) => this.open(tx, command),
      );
      return answer;
    } catch (error) {
      if (isDuplicateKey(error, 'uq_cash_shift_open')) throw new DomainError('SHIFT.ALREADY_OPEN', 'conflict');
      if (isDuplicateKey(error, 'uq_cash_shift_previous')) throw new DomainError('SHIFT.TAKEN_OVER', 'conflict');
      throw error;
    }
  }

  private async open(tx: EntityManager, { pointId, staffId, key, request }: OpenShiftCommand): Promise<{ shiftId: string }> {
    await this.gate.requireOpen(tx, pointId, this.clock.today());
    if (request.takeOverShiftId === null) await this.requireNoFloat(tx, pointId);
    const takenOverFen = request.takeOverShiftId === null ? null : await this.keptBy(tx, pointId, request.takeOverShiftId);
    const differenceFen = takenOverFen === null ? 0 : request.openingFen - takenOverFen;
    if (differenceFen !== 0 && request.reason === '') throw new DomainError('SHIFT.REASON_MISSING', 'invalid');
    const shiftId = newId();
    const { streetId } = await this.sites.point(pointId, tx);
    await tx.query(
      `INSERT INTO cash_shift (id, point_id, staff_id, business_day, state, open_mark, opened_at, opening_fen, previous_shift_id, handover_difference_fen, handover_reason)
       VALUES (?, ?, ?, ?, 'open', 1, ?, ?, ?, ?, ?)`,
      [shiftId, pointId, staffId, this.clock.today(), this.clock.now(), request.openingFen, request.takeOverShiftId, differenceFen, request.reason],
    );
    const postings = shiftOpenPostings({ pointId, streetId, openingFen: fen(request.openingFen), takenOverFen });
    if (postings.length > 0) {
      await this.ledger.post(tx, {
        kind: 'shift-open', businessDay: this.clock.today(), pointId, idempotencyScope: `staff:${staffId}`, idempotencyKey: key,
        actorKind: 'staff', actorId: staffId, memo: `shift ${shiftId}`, postings,
      });
    }
    await this.audit.record({
      actorKind: 'staff', actorId: staffId, action: 'cash-shift.opened', objectKind: 'cash-shift', objectId: shiftId, outcome: 'done',
      detail: { openingFen: request.openingFen, differenceFen },
    }, tx);
    return { shiftId };
  }

  /** Cash that a shift has left in the drawer is counted by whoever opens the next one: no float is forgotten. */
  private async requireNoFloat(tx: EntityManager, pointId: string): Promise<void> {
    const [waiting] = await tx.query<{ shiftId: string; keptFen: number }[]>(
      `SELECT s.id AS shiftId, s.kept_fen AS keptFen FROM cash_shift s WHERE s.point_id = ? AND s.state = 'closed' AND s.kept_fen > 0
         AND NOT EXISTS (SELECT 1 FROM cash_shift n WHERE n.previous_shift_id = s.id) ORDER BY s.closed_at LIMIT 1`, [pointId],
    );
    if (waiting !== undefined) throw new DomainError('SHIFT.FLOAT_WAITS', 'refused', { shiftId: waiting.shiftId, yuan: formatYuan(fen(Number(waiting.keptFen))) });
  }

  private async keptBy(tx: EntityManager, pointId: string, shiftId: string): Promise<Fen> {
    const [row] = await tx.query<{ keptFen: number }[]>(
      "SELECT kept_fen AS keptFen FROM cash_shift WHERE id = ? AND point_id = ? AND state = 'closed'", [shiftId, pointId],
    );
    if (row === undefined) throw new DomainError('SHIFT.NOT_FOUND', 'not-found');
    return fen(Number(row.keptFen));
  }
}
