import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import type { ClaimMonth, ClaimParty } from '../../../domain/settlement/index.js';

export interface OpenDay {
  readonly pointId: string;
  readonly day: BusinessDay;
}

/** Days that block a claim because their point has not closed them. Where no point has to close its days, none does. */
@Injectable()
export class OpenDays {
  /** @returns open days of points where the party has meals in the month, the earliest first */
  ofMonth(_tx: EntityManager, _pointIds: readonly string[], _party: ClaimParty, _month: ClaimMonth): Promise<OpenDay[]> {
    return Promise.resolve([]);
  }
}
