import type { KioskClaim } from '../../../src/contract/kiosk.js';
import { OneVisit } from '../../../kiosk/src/flow/one-visit.js';
import type { Candidate, Screen } from '../../../kiosk/src/flow/screen.js';

const claim: KioskClaim = { kind: 'card', cardNo: 'HX01' };
const candidate: Candidate = { maskedName: '王先生', claim };
const quote = { maskedName: '王先生', mealName: '一荤两素', grossFen: 2_000, dueFen: 1_600, payers: [], explanation: { zh: '', en: '' }, shortFen: 0, priceHash: '' };
const welcome: Screen = { name: 'welcome' };
const digits: Screen = { name: 'digits', doubt: [], nobody: null };
const confirm: Screen = { name: 'confirm', candidate, meal: { setMealId: 'A', quote }, changed: false };

/** Asks from a screen, lets others be shown, then lets the answer come or fail. @returns what became of it */
async function asked(from: Screen, shown: readonly Screen[], fails = false): Promise<{ answer: string | undefined; failed: boolean; busyBefore: boolean; busyAfter: boolean }> {
  const visit = new OneVisit();
  let failed = false;
  let [come, fail] = [(_: string): void => undefined, (_: Error): void => undefined];
  const work = new Promise<string>((done, not) => { [come, fail] = [done, not]; });
  const waiting = visit.asked(from, () => work, () => { failed = true; });
  for (const screen of shown) visit.shows(screen);
  const busyBefore = visit.busy.value;
  if (fails) fail(new Error('refused'));
  else come('answer');
  return { answer: await waiting, failed, busyBefore, busyAfter: visit.busy.value };
}

describe('an answer that is waited for', () => {
  it.each([
    ['nothing else was shown', welcome, []], ['the same question stands there anew', welcome, [{ name: 'welcome' }]],
    ['the same person is asked to look', confirm, [{ ...confirm, look: true }]], ['a payment is being checked', confirm, [{ name: 'checking', tries: 0, staffCalled: false }]],
  ] as [string, Screen, Screen[]][])('is theirs where %s', async (_, from, shown) => {
    expect(await asked(from, shown)).toEqual({ answer: 'answer', failed: false, busyBefore: true, busyAfter: false });
    expect(await asked(from, shown, true)).toEqual({ answer: undefined, failed: true, busyBefore: true, busyAfter: false });
  });

  it.each([
    ['another screen stands there', digits, [welcome]], ['it is the same screen once more after another', digits, [welcome, digits]],
    ['the same question is put to somebody else', confirm, [{ ...confirm, candidate: { maskedName: '李先生', claim } }]],
  ] as [string, Screen, Screen[]][])('is nobody’s, and holds nobody up, where %s', async (_, from, shown) => {
    expect(await asked(from, shown)).toEqual({ answer: undefined, failed: false, busyBefore: false, busyAfter: false });
    expect(await asked(from, shown, true)).toEqual({ answer: undefined, failed: false, busyBefore: false, busyAfter: false });
  });

  it('keeps a second question from being asked there, and an old one ends no younger one’s waiting', async () => {
    const visit = new OneVisit();
    const ends: (() => void)[] = [];
    const ask = (from: Screen): Promise<unknown> => visit.asked(from, () => new Promise<string>((done) => { ends.push(() => done('answer')); }), () => undefined);
    const old = ask(digits);
    expect(await ask(digits)).toBeUndefined();
    visit.shows(welcome);
    const young = ask(welcome);
    ends[0]?.();
    expect([await old, visit.busy.value]).toEqual([undefined, true]);
    ends[1]?.();
    expect([await young, visit.busy.value]).toEqual(['answer', false]);
  });
});
