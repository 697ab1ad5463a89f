import { Injectable } from '@nestjs/common';
import { addDays, minuteOfDay, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { ScanQueue } from './scan-queue.js';
import { ScanRuns } from './scan-runs.js';

/** 02:30 in Shanghai: yesterday is over, its late uploads have come, and nobody eats. */
const NIGHT_MIN = 150;
/** Far enough back for two months of idleness and a whole quarter; begun on a first of the month. */
const LOOK_BACK_DAYS = 125;

/**
 * Keeps the nightly run alive from the tables alone: whoever sweeps after half past two asks for the run of every street
 * that has none of this night, and hands every open run to the queue. An emptied Redis costs a minute and nothing else.
 */
@Injectable()
export class ScanSchedule {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly runs: ScanRuns, private readonly queue: ScanQueue, private readonly clock: Clock) {}

  /** @returns runs asked for now, and runs open in all */
  async sweep(): Promise<{ asked: number; open: number }> {
    let asked = 0;
    const today = this.clock.today();
    if (minuteOfDay(this.clock.now()) >= NIGHT_MIN) {
      for (const streetId of await this.without(today)) {
        const run = await this.runs.ask({ streetId, ...nightSpan(today, await this.runs.earliestBookedLate(streetId)), night: today, requestedBy: null });
        if (run !== null) asked += 1;
      }
    }
    const open = await this.runs.open();
    for (const { scanId } of open) await this.queue.add(scanId);
    return { asked, open: open.length };
  }

  private async without(night: BusinessDay): Promise<string[]> {
    const rows = await this.unitOfWork.reader.query<{ id: string }[]>(
      'SELECT s.id FROM street s WHERE NOT EXISTS (SELECT 1 FROM exception_scan e WHERE e.street_id = s.id AND (e.once = ? OR e.open = 1)) ORDER BY s.id', [night],
    );
    return rows.map((row) => row.id);
  }
}

/**
 * The days that a nightly run reads: up to yesterday.
 *
 * @param bookedLate the earliest day of a meal that was booked since the run before; it is read even where it lies further back
 */
export function nightSpan(today: BusinessDay, bookedLate: BusinessDay | null): { from: BusinessDay; to: BusinessDay } {
  const usual = addDays(today, -LOOK_BACK_DAYS);
  const earliest = bookedLate !== null && bookedLate < usual ? bookedLate : usual;
  return { from: `${earliest.slice(0, 7)}-01` as BusinessDay, to: addDays(today, -1) };
}
