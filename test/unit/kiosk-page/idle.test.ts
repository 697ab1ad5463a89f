import { createRenderer, nextTick, shallowRef, type Ref } from 'vue';
import { chooseLanguage, language } from '../../../ui/dictionary/index.js';
import type { KioskTodayAnswer } from '../../../src/contract/kiosk.js';
import type { Kiosk } from '../../../kiosk/src/flow/kiosk.js';
import { Resting } from '../../../kiosk/src/flow/resting.js';
import type { Candidate, Screen } from '../../../kiosk/src/flow/screen.js';
import { useIdle } from '../../../kiosk/src/flow/use-idle.js';
import { noteTouch } from '../../../kiosk/src/sense/press.js';

const GENTLE = '不着急，慢慢来。';
const STILL = '您还在吗';
const who: Candidate = { maskedName: '王先生', claim: { kind: 'card', cardNo: 'HX001' } };
const quote = { maskedName: '王先生', mealName: '一荤两素', grossFen: 2_000, dueFen: 1_600, payers: [], explanation: { zh: '', en: '' }, shortFen: 0, priceHash: '' };
const CONFIRM: Screen = { name: 'confirm', candidate: who, meal: { setMealId: 'A', quote }, changed: false };
const DONE = { name: 'done', answer: { mealId: 'm' } } as unknown as Screen;
const offer = { code: 'A', portionsLeft: 5 } as unknown as KioskTodayAnswer['offers'][number];
const OPEN = { period: 'lunch', offers: [offer] } as unknown as KioskTodayAnswer;
const SHUT = { period: null, offers: [] } as unknown as KioskTodayAnswer;

let screen: Ref<Screen>;
let today: Ref<KioskTodayAnswer | null>;
/** Since when nobody stands there; null: somebody does. 'no camera': nobody can know. */
let emptySinceMs: number | null | 'no camera';
let said: string[];
let idle: ReturnType<typeof useIdle>;
let leave: () => void;

beforeEach(() => {
  jest.useFakeTimers();
  said = [];
  [screen, today, emptySinceMs] = [shallowRef<Screen>({ name: 'welcome' }), shallowRef<KioskTodayAnswer | null>(OPEN), null];
  class Words { constructor(readonly text: string) {} }
  const speechSynthesis = { speak: ({ text }: Words) => said.push(text), cancel: () => undefined };
  Object.assign(globalThis, { window: globalThis, speechSynthesis, SpeechSynthesisUtterance: Words, document: { documentElement: { style: { setProperty: () => undefined }, dataset: {} } } });
  const resting = new Resting({ screen, today, locked: { value: false }, gate: null });
  const kiosk = {
    screen, resting, emptyForMs: () => (emptySinceMs === 'no camera' ? null : emptySinceMs === null ? 0 : performance.now() - emptySinceMs),
    home: () => { screen.value = resting.begin(); return Promise.resolve(); },
  } as unknown as Kiosk;
  const nothing = (): object => ({});
  const { createApp } = createRenderer<object, object>({ insert: nothing, remove: nothing, createElement: nothing, createText: nothing, createComment: nothing, setText: nothing, setElementText: nothing, parentNode: () => null, nextSibling: () => null, patchProp: nothing });
  const app = createApp({ setup: () => { idle = useIdle(kiosk); return () => null; } });
  app.mount({});
  leave = () => app.unmount();
  chooseLanguage('zh', false);
  noteTouch();
});
afterEach(() => {
  leave();
  jest.useRealTimers();
});

async function shows(next: Screen): Promise<void> {
  screen.value = next;
  await nextTick();
}
async function pass(seconds: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(seconds * 1000);
}
const walksOff = (): void => { emptySinceMs = performance.now(); };

describe('time that passes while somebody stands there', () => {
  it('brings a gentle voice after a minute, once, a question after two, and never takes the screen away', async () => {
    await shows(CONFIRM);
    await pass(59);
    expect(said).toEqual([]);
    await pass(5);
    expect(said).toEqual([GENTLE]);
    await pass(50);
    expect([idle.asking.value, said.length]).toEqual([false, 1]);
    await pass(8);
    expect(idle.asking.value).toBe(true);
    await pass(3_600);
    expect(screen.value).toBe(CONFIRM);
    idle.stay();
    expect(idle.asking.value).toBe(false);
    await pass(70);
    expect([idle.asking.value, said]).toEqual([false, [GENTLE, GENTLE]]);
  });

  it('begins anew with each touch', async () => {
    await shows(CONFIRM);
    for (let touches = 0; touches < 6; touches += 1) {
      await pass(50);
      noteTouch();
    }
    expect([said, idle.asking.value]).toEqual([[], false]);
  });
});

describe('somebody who has gone', () => {
  it('leaves the first screen behind half a minute later, whatever was asked, and nothing of what they chose', async () => {
    await shows(CONFIRM);
    chooseLanguage('en', false);
    await pass(125);
    expect(idle.asking.value).toBe(true);
    walksOff();
    await pass(29);
    expect(screen.value.name).toBe('confirm');
    await pass(3);
    expect([screen.value.name, idle.asking.value, language.value]).toEqual(['welcome', false, 'zh']);
  });

  it('is waited for for three minutes where no camera can tell', async () => {
    emptySinceMs = 'no camera';
    await shows(CONFIRM);
    await pass(175);
    expect(screen.value.name).toBe('confirm');
    await pass(10);
    expect(screen.value.name).toBe('welcome');
  });

  it('takes the receipt along: it goes within seconds of them, and after a while from before somebody who stays', async () => {
    await shows(DONE);
    await pass(5);
    walksOff();
    await pass(3);
    expect(screen.value.name).toBe('done'); // nobody is hurried by a step aside
    await pass(3);
    expect(screen.value.name).toBe('welcome');
    emptySinceMs = null;
    await shows(DONE);
    await pass(44);
    expect(screen.value.name).toBe('done');
    await pass(3);
    expect(screen.value.name).toBe('welcome');
  });
});

describe('what one person chose', () => {
  it.each([{ name: 'help' }, { name: 'short', shortFen: 900 }, { name: 'refused', refused: { sentence: { zh: '', en: '' }, code: '', requestId: '' } }, { name: 'order', candidate: who, orders: { maskedName: '王先生', pointName: '', meals: [] }, at: 0 }, DONE] as Screen[])('ends with the visit: $name, then the first screen', async (last) => {
    await shows(last);
    chooseLanguage('en', false);
    await shows({ name: 'welcome' });
    expect(language.value).toBe('zh');
  });

  it('ends where the next one holds a card to the receipt', async () => {
    await shows(DONE);
    chooseLanguage('en', false);
    await shows({ name: 'is-it-you', candidate: who });
    expect(language.value).toBe('zh');
  });

  it('stays for another way, for ordering from the receipt, and for help on the way', async () => {
    chooseLanguage('en', false);
    for (const next of [{ name: 'digits', doubt: [], nobody: null }, { name: 'welcome' }, DONE, { name: 'order', candidate: who, orders: { maskedName: '王先生', pointName: '', meals: [] }, at: 0 }] as Screen[]) await shows(next);
    expect(language.value).toBe('en');
  });
});

describe('a glass that nobody needs', () => {
  it('closes the panel of staff a minute after the last touch, also while the next one stands there', async () => {
    await shows({ name: 'staff', panel: { staffName: '小李', sales: [] }, health: null } as unknown as Screen);
    await pass(58);
    expect(screen.value.name).toBe('staff');
    await pass(4);
    expect(screen.value.name).toBe('welcome');
  });

  it('stands there closed for an afternoon without a word, and without what the last guest chose', async () => {
    today.value = SHUT;
    await shows(CONFIRM);
    walksOff();
    await pass(32);
    expect(screen.value).toEqual({ name: 'closed', reason: 'not-serving' });
    const stood = screen.value;
    chooseLanguage('en', false);
    await pass(4 * 3_600);
    expect([screen.value === stood, said, idle.asking.value, language.value]).toEqual([true, [], false, 'zh']);
  });

  it('leaves *sold out* to whoever reads it, and goes on a minute after the last touch', async () => {
    await shows({ name: 'closed', reason: 'sold-out' });
    await pass(58);
    expect(screen.value.name).toBe('closed');
    await pass(4);
    expect(screen.value.name).toBe('welcome');
    expect(said.filter((words) => words.startsWith(STILL))).toEqual([]);
  });
});

describe('what stands there by itself', () => {
  const machine = { screen: { value: { name: 'starting' } as Screen }, locked: { value: false }, today: { value: SHUT as KioskTodayAnswer | null }, gate: null as object | null };
  const resting = new Resting(machine);
  it('is overtaken by what is due, and by nothing that says the same', () => {
    expect(resting.isOvertaken()).toBe(true);
    machine.screen.value = resting.begin();
    expect([machine.screen.value.name, resting.isOvertaken()]).toEqual(['closed', false]);
    machine.today.value = { ...SHUT, offers: [] };
    expect(resting.isOvertaken()).toBe(false);
    machine.today.value = OPEN;
    expect(resting.isOvertaken()).toBe(true);
    machine.screen.value = { name: 'closed', reason: 'sold-out' }; // an answer to somebody, while others can still buy
    expect(resting.isOvertaken()).toBe(false);
    machine.screen.value = { name: 'out-of-service', reEnrol: true };
    expect(resting.isOvertaken()).toBe(true);
    machine.locked.value = true;
    machine.screen.value = resting.begin();
    expect([machine.screen.value, resting.isOvertaken()]).toEqual([{ name: 'out-of-service', reEnrol: false, locked: true }, false]);
  });

  it('lets a new page in at a gate that says nothing to anybody', () => {
    machine.locked.value = false;
    machine.gate = {};
    machine.screen.value = resting.begin();
    expect([machine.screen.value.name, resting.isQuiet()]).toEqual(['gate', true]);
    machine.screen.value = { name: 'gate', decision: 'open', freeSeats: 3 };
    expect(resting.isQuiet()).toBe(false);
  });
});
