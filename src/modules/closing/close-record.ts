import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { CountedDay } from './day-count.query.js';

export interface CloseRow {
  readonly pointId: string;
  readonly day: BusinessDay;
  readonly operatorId: string;
  readonly state: 'signed' | 'no-service';
  readonly digest: string;
  readonly counted: CountedDay;
  readonly countedCashFen: number;
  readonly cashReason: string;
  readonly openStopsReason: string;
  readonly firstBy: string | null;
  readonly root: { readonly day: BusinessDay; readonly hash: string } | null;
  readonly kiosksUnsent?: number;
  readonly kiosksReason?: string;
}

/** Writes the row of a day and the acts that led to it. */
@Injectable()
export class CloseRecord {
  constructor(private readonly clock: Clock) {}

  /** @throws DomainError CLOSE.ALREADY_SIGNED */
  async insert(tx: EntityManager, row: CloseRow): Promise<void> {
    const { counted } = row;
    const sum = (pick: (set: CountedDay['setMeals'][number]) => number): number => counted.setMeals.reduce((total, set) => total + pick(set), 0);
    try {
      await tx.query(
        `INSERT INTO point_day_close (point_id, business_day, operator_id, state, digest, counts, accepted_portions, wasted_portions, meals, gross_fen,
           due_fen, subsidy_fen, expected_cash_fen, counted_cash_fen, cash_reason, open_stops, open_stops_reason, root_day, root_hash, first_by, first_at, kiosks_unsent, kiosks_reason)
         VALUES (?)`,
        [[
          row.pointId, row.day, row.operatorId, row.state, row.digest, JSON.stringify(counted), sum((set) => set.accepted + set.transferredIn),
          sum((set) => set.wasted), counted.meals, counted.grossFen, counted.dueFen, counted.subsidyFen, counted.expectedCashFen, row.countedCashFen,
          row.cashReason, counted.openStops, row.openStopsReason, row.root?.day ?? null, row.root?.hash ?? null, row.firstBy, this.clock.now(), row.kiosksUnsent ?? 0, row.kiosksReason ?? '',
        ]],
      );
    } catch (error) {
      if (isDuplicateKey(error)) throw new DomainError('CLOSE.ALREADY_SIGNED', 'conflict');
      throw error;
    }
  }

  async act(
    tx: EntityManager, act: { pointId: string; day: BusinessDay; act: 'signed' | 'closed' | 'sent-back' | 'no-service'; digest: string; note: string; staffId: string | null },
  ): Promise<void> {
    await tx.query(
      'INSERT INTO point_day_act (id, point_id, business_day, act, digest, note, staff_id, at) VALUES (?)',
      [[newId(), act.pointId, act.day, act.act, act.digest, act.note, act.staffId, this.clock.now()]],
    );
  }
}
