import { shallowRef } from 'vue';
import type { KeptSale } from '../../../console/src/pages/desk/kept-sale.js';
import { useDesk } from '../../../console/src/pages/desk/use-desk.js';

const sale: KeptSale = { key: '0190b0a0-0000-7000-8000-000000000001', request: { diner: { kind: 'public' }, setMealId: 'A', channel: 'eat-in', tender: 'cash', expectedDueFen: 2_000 } };
const refused = (): Response => new Response(JSON.stringify({ code: 'SHIFT.NOT_OPEN', zh: '没有扣钱。', en: 'No money moved.' }), { status: 500 });

afterEach(() => jest.restoreAllMocks());

it('says of giving a sale up why that failed, never why the sale had no answer', async () => {
  const kept = shallowRef<KeptSale | null>(sale);
  const desk = useDesk('one', kept, () => undefined);
  jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
  await desk.send(sale);
  expect([desk.failure.value !== null, desk.giveUpFailure.value]).toEqual([true, null]);
  jest.spyOn(globalThis, 'fetch').mockResolvedValue(refused());
  expect(await desk.giveUp(sale)).toBe(false);
  expect(desk.giveUpFailure.value).toMatchObject({ code: 'SHIFT.NOT_OPEN' });
  jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
  await desk.send(sale);
  expect([kept.value, desk.giveUpFailure.value]).toEqual([sale, null]);
});
