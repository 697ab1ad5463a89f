import { addDays, instantOf, type BusinessDay } from '../../../domain/kernel/business-day.js';
import type { IdMint } from '../id-mint.js';
import type { DemoSenior } from '../people/demo-senior.js';
import type { BulkWriter } from './bulk-writer.js';

const HOSPITAL_EVERY = 97;
const NURSING_HOME_EVERY = 151;

/** What happened in the lives of the demo's people: deaths and moves of those whose registration ended, and stays of some who eat without a plan. */
export function writeLife(writer: BulkWriter, mint: IdMint, people: readonly DemoSenior[], staffId: string, today: BusinessDay): void {
  const event = (senior: DemoSenior, kind: string, from: BusinessDay, to: BusinessDay | null): string => {
    const id = mint.next<string>();
    writer.add('life_event', {
      id, senior_id: senior.id, kind, from_day: from, to_day: to, source: '社区走访（演示）', evidence: `DEMO-SJ-${id.slice(-6)}`, detail: '{}',
      recorded_by: staffId, at: instantOf(from, 600),
    });
    return id;
  };
  people.forEach((senior, index) => {
    if (senior.status === 'deceased' || senior.status === 'moved') {
      if (senior.statusFrom !== null) event(senior, senior.status === 'deceased' ? 'death' : 'move-away', senior.statusFrom, null);
      return;
    }
    const home = senior.status === 'active' && senior.habit.deliveryMask === 0 && senior.habit.collectMask === 0;
    const kind = index % HOSPITAL_EVERY === HOSPITAL_EVERY - 1 ? 'hospital' : index % NURSING_HOME_EVERY === NURSING_HOME_EVERY - 1 ? 'nursing-home' : null;
    if (!home || kind === null) return;
    const [from, to] = [addDays(today, -3), kind === 'hospital' ? addDays(today, 5) : null];
    writer.add('senior_stay', { id: event(senior, kind, from, to), senior_id: senior.id, kind, from_day: from, to_day: to, active: 1 });
  });
}
