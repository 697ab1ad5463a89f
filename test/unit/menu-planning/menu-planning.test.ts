import { MENU_BOUNDS } from '../../../src/contract/menu-plan.js';
import {
  BOUND_NAMES, brokenBounds, fixedWithoutPlace, kindsLacking, measureMenu, type MenuBounds, menuProgram, type MenuQuestion, type PlannableDish, type PlannedTray, readMenu, type SetShape,
} from '../../../src/domain/menu-planning/index.js';
import { solveProgram } from '../../../src/modules/menu-plan/solve-program.js';

const dish = (id: string, kind: string, change: Partial<PlannableDish> = {}): PlannableDish =>
  ({ id, kind, costFen: 300, energyKCal: 200, proteinG: 8, sodiumMg: 200, foods: [`${id}1`, `${id}2`], soft: false, ...change });
const LOOSE: MenuBounds = { energyLeastKCal: 0, energyMostKCal: 5000, proteinLeastG: 0, sodiumMostMg: 9000, costMostFen: 9000, foodsADay: 0, foodsAWeek: 0, softADay: 0, gapDays: 0 };
const KITCHEN = [...'abcdef'].map((id, index) => dish(`m${id}`, 'meat', { costFen: 400 + index * 10, soft: index > 3 }))
  .concat([...'abcdef'].map((id, index) => dish(`v${id}`, 'vegetable', { costFen: 100 + index, sodiumMg: 100 + index * 50 })), [dish('rice', 'staple', { foods: ['rice'], costFen: 50 })]);
const ask = (change: Partial<MenuQuestion> = {}): MenuQuestion =>
  ({ days: 7, sets: [{ code: 'A', slots: { meat: 1, vegetable: 1, staple: 1 } }], dishes: KITCHEN, bounds: LOOSE, fixed: [], seed: 1, ...change });

async function solve(question: MenuQuestion, elastic = false) {
  const { found, values } = await solveProgram(menuProgram(question, elastic));
  const valueOf = (name: string): number => values.get(name) ?? 0;
  return { found, trays: readMenu(question, valueOf), broken: brokenBounds(question, [...values.keys()], valueOf) };
}
const kept = (question: MenuQuestion, trays: readonly PlannedTray[]): boolean => measureMenu(trays, question.dishes, question.bounds).every((state) => state.kept);

describe('a menu by integer programming', () => {
  it('is the cheapest: without other bounds the cheapest dish of each kind, every day', async () => {
    const { found, trays } = await solve(ask());
    expect(found).toBe(true);
    expect(trays).toHaveLength(7);
    expect(new Set(trays.map(({ dishIds }) => [...dishIds].sort().join()))).toEqual(new Set(['ma,rice,va']));
  });

  it('keeps every bound, and the same seed finds the same menu', async () => {
    const question = ask({ bounds: { ...LOOSE, foodsADay: 5, foodsAWeek: 17, softADay: 0, gapDays: 2, energyLeastKCal: 600, sodiumMostMg: 620, costMostFen: 700 } });
    const { found, trays } = await solve(question);
    expect(found).toBe(true);
    expect(measureMenu(trays, KITCHEN, question.bounds).filter((state) => !state.kept)).toEqual([]);
    expect((await solve(question)).trays).toEqual(trays);
    for (const { dishIds } of trays) expect(dishIds).toHaveLength(3);
  });

  it('keeps what was decided by hand', async () => {
    const { trays } = await solve(ask({ fixed: [{ day: 3, code: 'A', dishIds: ['mf', 'vf'] }] }));
    expect([...trays[3].dishIds].sort()).toEqual(['mf', 'rice', 'vf']);
  });

  it('gives a soft dish each day where that is asked', async () => {
    const question = ask({ bounds: { ...LOOSE, softADay: 1 } });
    const { trays } = await solve(question);
    expect(trays.every(({ dishIds }) => dishIds.includes('me'))).toBe(true);
    expect(kept(question, trays)).toBe(true);
  });

  it('says which bound is in the way when there is no menu', async () => {
    // The cheapest tray costs 400 + 100 + 50 = 550 fen.
    const question = ask({ days: 2, bounds: { ...LOOSE, costMostFen: 500 } });
    expect((await solve(question)).found).toBe(false);
    const { found, broken } = await solve(question, true);
    expect(found).toBe(true);
    expect(broken.map(({ bound, day, code, percent }) => [bound, day, code, percent])).toEqual([['cost', 0, 'A', 10], ['cost', 1, 'A', 10]]);
  });

  it('shares one soup among the set meals of a day, and brings it again only after the gap', async () => {
    const soups = ['sa', 'sb', 'sc'].map((id, index) => dish(id, 'soup', { costFen: 50 + index }));
    const sets: SetShape[] = [{ code: 'A', slots: { meat: 1, soup: 1 } }, { code: 'B', slots: { vegetable: 1, soup: 1 } }];
    const question = ask({ days: 3, sets, dishes: [...KITCHEN, ...soups], bounds: { ...LOOSE, gapDays: 2 } });
    const { found, trays } = await solve(question);
    expect(found).toBe(true);
    expect(kept(question, trays)).toBe(true);
    expect(new Set(trays.flatMap(({ dishIds }) => dishIds.filter((id) => id.startsWith('s')))).size).toBe(3);
  });

  it('keeps the gap over the turn of a menu that begins again, and not of one that does not', async () => {
    const question = ask({ days: 5, bounds: { ...LOOSE, gapDays: 2 } });
    const once = await solve(question);
    expect(measureMenu(once.trays, KITCHEN, question.bounds, 5).some(({ bound, kept: is }) => bound === 'gap' && !is)).toBe(true);
    const { found, trays } = await solve({ ...question, cyclic: true });
    expect(found).toBe(true);
    expect(measureMenu(trays, KITCHEN, question.bounds, 5).filter((state) => !state.kept)).toEqual([]);
    // A menu of two days comes back before the gap is over, whatever is on it: there is nothing to keep.
    expect((await solve({ ...question, days: 2, cyclic: true })).found).toBe(true);
  });

  it('names the dish that would come again too soon', async () => {
    const { found, broken } = await solve(ask({ days: 2, dishes: KITCHEN.filter(({ id }) => !/^m[b-f]/.test(id)), bounds: { ...LOOSE, gapDays: 1 } }), true);
    expect(found).toBe(true);
    expect(broken.map(({ bound, dishId }) => [bound, dishId])).toEqual([['gap', 'ma']]);
  });

  it('knows a decided dish that cannot stand where it was put', () => {
    const fix = (...dishIds: string[]) => fixedWithoutPlace(ask({ fixed: [{ day: 0, code: 'A', dishIds }] }));
    expect(fix('ma', 'va')).toBeNull();
    expect(fix('ma', 'mb')).toEqual({ dishId: 'mb', why: 'place' });
    expect(fix('unmeasured')).toEqual({ dishId: 'unmeasured', why: 'figures' });
    const fixOn = (...fixed: MenuQuestion['fixed']) => fixedWithoutPlace(ask({ days: 2, fixed }));
    expect(fixOn({ day: 2, code: 'A', dishIds: ['ma'] })).toEqual({ dishId: 'ma', why: 'place' });
    expect(fixOn({ day: 0, code: 'A', dishIds: ['ma'] }, { day: 0, code: 'A', dishIds: ['ma', 'mb'] })).toEqual({ dishId: 'mb', why: 'place' });
    expect(fixOn({ day: 0, code: 'A', dishIds: ['ma'] }, { day: 0, code: 'A', dishIds: ['va'] }, { day: 1, code: 'A', dishIds: ['mb'] })).toBeNull();
  });

  it('keeps all that is decided of one tray, in however many parts', async () => {
    const { found, trays } = await solve(ask({ fixed: [{ day: 0, code: 'A', dishIds: ['mb'] }, { day: 0, code: 'A', dishIds: ['vb'] }] }));
    expect(found).toBe(true);
    expect(trays[0]?.dishIds).toEqual(expect.arrayContaining(['mb', 'vb']));
  });

  it('says which kind has too few dishes', () => {
    expect(kindsLacking(ask({ sets: [{ code: 'A', slots: { meat: 7, soup: 1, staple: 1 } }] }))).toEqual(['meat', 'soup']);
    expect(kindsLacking(ask())).toEqual([]);
  });
});

describe('bounds on a menu written by hand', () => {
  it('are named alike in contract and domain', () => expect(MENU_BOUNDS).toEqual(BOUND_NAMES));

  it('are summed by hand', () => {
    const bounds = { ...LOOSE, energyLeastKCal: 500, sodiumMostMg: 450, costMostFen: 550, foodsADay: 6, gapDays: 2 };
    const states = measureMenu([{ day: 0, code: 'A', dishIds: ['ma', 'va', 'rice'] }, { day: 1, code: 'A', dishIds: ['ma', 'vb'] }], KITCHEN, bounds);
    const of = (bound: string, day: number) => states.find((state) => state.bound === bound && state.day === day);
    // Monday: 200·3 kcal; 200 + 100 + 200 mg; 400 + 100 + 50 fen; foods ma1 ma2 va1 va2 rice. Tuesday: the same meat again.
    expect(of('energy-least', 0)).toMatchObject({ value: 600, kept: true });
    expect(of('sodium', 0)).toMatchObject({ value: 500, limit: 450, kept: false });
    expect(of('cost', 0)).toMatchObject({ value: 550, kept: true });
    expect(of('foods-day', 0)).toMatchObject({ value: 5, kept: false });
    expect(of('energy-least', 1)).toMatchObject({ value: 400, kept: false });
    expect(of('gap', 1)).toMatchObject({ value: 1, limit: 3, kept: false });
  });
});
