import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { UnsentKioskSales } from '../../contract/cash-shifts.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnsentKiosks, unsentSales } from '../devices/index.js';

/** A kiosk that could sell without network and has said nothing for so long may have sold: silence is not "nothing". */
const SILENT_MS = 10 * 60_000;

/** Sales without network that kiosks of a drawer's point have not handed in, while its day still runs. */
@Injectable()
export class KioskSalesUntold {
  constructor(private readonly kiosks: UnsentKiosks, private readonly clock: Clock) {}

  async of(pointId: string, day: BusinessDay, tx?: EntityManager): Promise<UnsentKioskSales> {
    const kiosks = await this.kiosks.of(pointId, day, tx, new Date(this.clock.now().getTime() - SILENT_MS));
    return { kiosks: kiosks.map(({ reportedAt, ...kiosk }) => ({ ...kiosk, reportedAt: reportedAt?.toISOString() ?? null })), sales: unsentSales(kiosks) };
  }
}
