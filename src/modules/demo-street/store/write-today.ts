import { type BusinessDay, instantOf, minuteOfDay } from '../../../domain/kernel/business-day.js';
import { SET_CODES } from '../days/lunch-crowd.js';
import type { IdMint } from '../id-mint.js';
import type { DemoSenior } from '../people/demo-senior.js';
import type { DemoStreet } from '../street/places.js';
import type { BulkWriter } from './bulk-writer.js';
import type { SetMealIds } from './write-menus.js';

/** Points whose second load stands sealed in the kitchen, so that a visitor can send and accept one. */
const SECOND_WAVE_POINTS = [0, 2];
const SECOND_WAVE_PORTIONS = 12;

/**
 * Today's loads, already accepted, so that every kiosk of the demo can sell at once; generous, because visitors buy.
 * After ten in the morning the loads carry ordinary times; before, they left just after midnight.
 */
export function writeToday(writer: BulkWriter, mint: IdMint, street: DemoStreet, people: readonly DemoSenior[], day: BusinessDay, ids: SetMealIds, now: Date): void {
  const sealedMin = minuteOfDay(now) >= 620 ? 595 : 0;
  street.points.forEach((point, pointIndex) => {
    const expected = people.filter((senior) => senior.pointIndex === pointIndex)
      .reduce((sum, { habit }) => sum + habit.share + (habit.deliveryMask + habit.collectMask > 0 ? 1 : 0), 0);
    const portions = { A: Math.round(expected * 0.5) + 14, B: Math.round(expected * 0.3) + 10, C: Math.round(expected * 0.2) + 8 };
    const loadId = addLoad(writer, mint, street, point.id, day, 1, 'accepted', sealedMin);
    for (const code of SET_CODES) {
      const accepted = portions[code];
      const sealed = code === 'A' && SECOND_WAVE_POINTS.includes(pointIndex) ? SECOND_WAVE_PORTIONS : 0;
      writer.add('portion_stock', {
        point_id: point.id, set_meal_id: ids[code], business_day: day, period: 'lunch', sent: accepted + sealed, accepted, served: 0, collected: 0, wasted: 0,
      });
      writer.add('portion_load_item', { load_id: loadId, set_meal_id: ids[code], sent: accepted, accepted });
    }
    if (SECOND_WAVE_POINTS.includes(pointIndex)) {
      const second = addLoad(writer, mint, street, point.id, day, 2, 'sealed', sealedMin + 20);
      writer.add('portion_load_item', { load_id: second, set_meal_id: ids.A, sent: SECOND_WAVE_PORTIONS, accepted: null });
    }
  });
}

function addLoad(
  writer: BulkWriter, mint: IdMint, street: DemoStreet, pointId: string, day: BusinessDay, wave: number, state: 'accepted' | 'sealed', sealedMin: number,
): string {
  const id = mint.next<string>();
  const accepted = state === 'accepted';
  writer.add('portion_load', {
    id, kitchen_id: street.kitchen.id, point_id: pointId, business_day: day, period: 'lunch', wave, state,
    sealed_at: instantOf(day, sealedMin), sealed_by: null, left_at: accepted ? instantOf(day, sealedMin + 6) : null, left_by: null,
    accepted_at: accepted ? instantOf(day, sealedMin + 15) : null, accepted_by: null, accepted_temperature_c: accepted ? 71.5 : null, note: '',
  });
  return id;
}
