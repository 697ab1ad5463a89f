import { closesIn, mealKey, useWeekOrder, type WeekOrder } from '../../../console/src/pages/dispatch/week-order.js';
import type { OrderWeekMeal } from '../../../src/contract/order-week.js';

const DAY = '2026-11-25';
const ORDER_ID = '0190b0a0-0000-7000-8000-000000000001';
const KEY = mealKey({ day: DAY, period: 'lunch' });
const offer = (code: string) => ({ code, name: code, grossFen: 1_600, dishes: [] });
const mealWith = (code: string | null): OrderWeekMeal => ({
  day: DAY, period: 'lunch', cutoffAt: '2026-11-24T08:00:00.000Z', open: true, away: false, offers: [offer('A'), offer('B')],
  ordered: code === null ? null : { orderId: ORDER_ID, code, name: code, fulfilment: 'delivery', mayCancel: true },
});
const placed = (): Response => new Response(JSON.stringify({ orderId: ORDER_ID, cutoffAt: '2026-11-24T08:00:00.000Z' }), { status: 201 });
const cancelled = (): Response => new Response(JSON.stringify({ cancelled: true, mayStillCook: false, done: true }), { status: 200 });
const refused = (): Response => new Response(JSON.stringify({ code: 'ORDER.ALREADY_ORDERED', zh: '没有扣钱。', en: 'No money moved.' }), { status: 409 });
const lost = (): never => { throw new Error('no network'); };

let keys: (string | null)[];
let shown: OrderWeekMeal[];
let week: WeekOrder;

function answering(...answers: (() => Response)[]): void {
  keys = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((url, options) => {
    if (String(url instanceof Request ? url.url : url).endsWith('/orders')) keys.push(new Headers(options?.headers).get('idempotency-key'));
    return Promise.resolve().then(answers.shift() ?? lost);
  });
}
async function ask(code: string): Promise<void> {
  const [meal] = shown;
  if (meal === undefined) return;
  week.pick(meal, code, 'delivery');
  await week.send({ seniorId: ORDER_ID, channel: 'phone' }, shown);
}

beforeEach(() => {
  shown = [mealWith(null)];
  week = useWeekOrder(() => shown);
});
afterEach(() => jest.restoreAllMocks());

describe('several meals ordered at once', () => {
  it('asks again under the same key where the answer was lost and nothing settled it', async () => {
    answering(lost, placed);
    await ask('A');
    expect(week.outcomes.get(KEY)?.done).toBe(false);
    await ask('A');
    expect(week.outcomes.get(KEY)?.done).toBe(true);
    expect(new Set(keys).size).toBe(1);
  });

  it.each(['settled and cancelled here', 'settled, cancelled elsewhere', 'cancelled before it was settled'])('orders anew what was %s: the old key would be answered with an order that no longer stands', async (how) => {
    answering(lost, ...(how === 'settled, cancelled elsewhere' ? [] : [cancelled]), placed);
    await ask('A');
    shown = [mealWith('A')];
    if (how !== 'cancelled before it was settled') week.settle();
    const [ordered] = shown;
    if (how !== 'settled, cancelled elsewhere' && ordered !== undefined) await week.cancel(ordered);
    shown = [mealWith(null)];
    await ask('A');
    expect(week.outcomes.get(KEY)?.done).toBe(true);
    expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
  });

  it('counts a lost answer as done where the order stands, and not where another set meal was ordered meanwhile', async () => {
    answering(lost, refused);
    await ask('A');
    shown = [mealWith('A')];
    week.settle();
    expect([week.picks.size, week.undone([KEY])]).toEqual([0, 0]);
    week.clear();
    shown = [mealWith(null)];
    await ask('A');
    shown = [mealWith('B')];
    week.settle();
    expect([week.picks.size, week.undone([KEY])]).toEqual([0, 1]);
  });
});

it('tells the time left for the last day only', () => {
  const closes = '2026-11-24T08:00:00.000Z';
  expect([closesIn(closes, Date.parse('2026-11-24T06:55:00Z')), closesIn(closes, Date.parse('2026-11-24T08:00:00Z')), closesIn(closes, Date.parse('2026-11-23T07:00:00Z'))]).toEqual([{ hours: 1, minutes: 5 }, null, null]);
});
