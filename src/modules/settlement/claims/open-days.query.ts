import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { firstDayOf, lastDayOf, type ClaimMonth, type ClaimParty } from '../../../domain/settlement/index.js';
import { ClosedDays } from '../../closing/index.js';

export interface OpenDay {
  readonly pointId: string;
  readonly day: BusinessDay;
}

/** Days that block a claim because their point has not closed them. Where no point has to close its days, none does. */
@Injectable()
export class OpenDays {
  constructor(private readonly closedDays: ClosedDays) {}

  /** @returns open days of the month, the earliest first: of an operator's own points, of all points for a payer */
  async ofMonth(tx: EntityManager, pointIds: readonly string[], party: ClaimParty, month: ClaimMonth): Promise<OpenDay[]> {
    const concerned = party.kind === 'operator' ? await this.pointsOf(tx, pointIds, party.code) : pointIds;
    const open = await this.closedDays.unclosed(concerned, tx);
    return open.filter(({ day }) => day >= firstDayOf(month) && day <= lastDayOf(month)).map(({ pointId, day }) => ({ pointId, day }));
  }

  private async pointsOf(tx: EntityManager, pointIds: readonly string[], operatorId: string): Promise<string[]> {
    if (pointIds.length === 0) return [];
    const rows = await tx.query<{ id: string }[]>('SELECT id FROM point WHERE id IN (?) AND operator_id = ?', [pointIds, operatorId]);
    return rows.map(({ id }) => id);
  }
}
