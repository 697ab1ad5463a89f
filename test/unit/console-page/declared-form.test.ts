import { type DeclaredForm, mergedForm, theirTest } from '../../../console/src/pages/kitchen/declared-form.js';

const before: DeclaredForm = { allergens: ['egg'], level: '6', testedBy: '王', testedOn: '2026-11-20', hazards: [], yuan: '2.00', picture: '', substituteIds: [], servedRaw: false };

describe('what is declared of a dish, while a colleague writes', () => {
  it('keeps a test of the texture whole: never one cook’s level beside another’s name and day', () => {
    const [mine, theirs] = [{ ...before, level: '4' }, { ...before, level: '5', testedBy: '李', testedOn: '2026-11-24' }];
    expect(mergedForm(mine, before, theirs)).toMatchObject({ level: '4', testedBy: '王', testedOn: '2026-11-20' });
    expect(mergedForm(before, before, theirs)).toMatchObject({ level: '5', testedBy: '李', testedOn: '2026-11-24' });
    expect(mergedForm(mine, before, { ...before, level: '', testedBy: '', testedOn: '' })).toMatchObject({ level: '4', testedBy: '王', testedOn: '2026-11-20' });
  });

  it('names the colleague’s test only where another one is kept', () => {
    const theirs = { ...before, level: '5', testedBy: '李', testedOn: '2026-11-24' };
    expect(theirTest({ ...before, level: '4' }, before, theirs)).toEqual({ level: '5', testedBy: '李', testedOn: '2026-11-24' });
    expect(theirTest(before, before, theirs)).toBeNull();
    expect(theirTest({ ...before, level: '4' }, before, { ...before, yuan: '3.00' })).toBeNull();
  });

  it('puts the colleague’s ticks in beside the own, and lets the rest follow unless it was touched', () => {
    const merged = mergedForm({ ...before, allergens: ['egg', 'fish'], picture: 'pork' }, before, { ...before, allergens: ['egg', 'milk'], yuan: '3.00', picture: 'fish', servedRaw: true });
    expect(merged).toEqual({ ...before, allergens: ['egg', 'fish', 'milk'], yuan: '3.00', picture: 'pork', servedRaw: true });
    expect(mergedForm({ ...before, allergens: [] }, before, before).allergens).toEqual([]);
  });
});
