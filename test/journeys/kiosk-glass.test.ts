import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { DeviceStatus } from '../../src/contract/devices.js';
import type { KioskOrdersAnswer } from '../../src/contract/kiosk-orders.js';
import type { KioskPaymentAnswer, KioskQuoteAnswer, KioskTodayAnswer } from '../../src/contract/kiosk.js';
import type { Candidate, PricedMeal, Screen } from '../../kiosk/src/flow/screen.js';
import { emptyFilm } from '../browser/fixture/camera-film.js';
import { letTimePass, openPage, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { breachesOnGlass, GLASS, seriousFindings } from '../browser/fixture/glass.js';
import { holdStill, setTray, showScreen, standThere } from '../browser/fixture/kiosk-inside.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';
import { insertLunchTime } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

// Every screen of the kiosk on both panels, upright and lying, with words of the usual and of twice the size, and with the
// longest and rarest names that the streets know. KIOSK_PICTURES=DIR keeps a picture of each.
jest.setTimeout(600_000);

/** CSS pixels per millimetre of full-HD panels of these sizes. */
const PANELS = { '15.6': 1920 / 345.4, '21.5': 1920 / 476.1 } as const;
const SIZES = { lying: { width: 1920, height: 1080 }, upright: { width: 1080, height: 1920 } } as const;
const TEXTS = { usual: GLASS, largest: { ...GLASS, textMm: 12, factMm: 12 } } as const;

const NAME = '欧阳𬭎先生';
/** Twenty characters with two from outside of the usual plane. */
const LONGEST = '买买提·阿卜杜热合曼·𠮷龘古丽仙木女士';
const words = (zh: string): { zh: string; en: string } => ({ zh, en: 'Meal 18.00: street pays 7.50, operator gives 2.50, you pay 8.00 yuan' });
const WHY = words('套餐18元，街道补7.5元，区民政补1元，食堂让1.5元，您付8元（80岁以上）');
const DISHES = ['清蒸鳕鱼泥配南瓜', '胡萝卜丝炒木耳香菇', '软米饭', '烂糊白菜粉丝煲', '银耳莲子百合羹'];
const offer = (code: string, name: string) => ({
  setMealId: `set-${code}`, code, name, grossFen: 1_800, portionsLeft: 30, dietTags: ['soft', 'low-salt', 'diabetic'], dishes: DISHES.map((dish) => ({ name: dish, picture: 'fish', dietTags: [] })),
  nutrition: { energyKcal: 1_088, proteinG: 28, sodiumMg: 1_450 },
});
const TODAY: KioskTodayAnswer = {
  pointName: '拱宸云水社区居家养老服务中心老年食堂', pointPhone: '0571-88000000', businessDay: '2026-11-24', period: 'lunch', nextOpensAt: '2026-11-24T09:00:00Z', serverTimeMs: 0,
  nearestPoint: { name: '下沙湾社区老年食堂', communityName: '下沙湾社区', phone: '0571-88111111', distanceM: 1250 },
  offers: [offer('A', '一荤两素一汤营养套餐'), offer('B', '软食清蒸鳕鱼泥低盐套餐'), offer('C', '素食菌菇豆腐煲套餐'), offer('D', '低盐低糖清淡套餐')],
};
const quoteOf = (maskedName: string): KioskQuoteAnswer => ({
  maskedName, mealName: '软食清蒸鳕鱼泥低盐套餐', grossFen: 1_800, dueFen: 800, payers: [], explanation: WHY, shortFen: 0, priceHash: 'x',
});
const mealOf = (code: string, maskedName: string): PricedMeal => ({ setMealId: `set-${code}`, quote: quoteOf(maskedName) });
const candidate = (maskedName: string): Candidate => ({ maskedName, claim: { kind: 'digits', last4: '7777', personCode: 'p', faceAgrees: false } });
const paid = (maskedName: string): KioskPaymentAnswer => ({
  mealId: 'm', receiptNo: '20261124-0001-000123', pickupNo: 'A128', maskedName, mealName: '软食清蒸鳕鱼泥低盐套餐', pointName: TODAY.pointName, grossFen: 1_800, dueFen: 800, payers: [],
  explanation: WHY, balanceFen: 123_456, soldAt: '2026-11-24T03:00:00Z',
});
const ordersOf = (maskedName: string, ordered: boolean): KioskOrdersAnswer => ({
  maskedName, pointName: TODAY.pointName,
  meals: ['2026-11-25', '2026-11-26', '2026-11-27'].map((day) => ({
    day, period: 'lunch', cutoffAt: '2026-11-24T08:00:00Z', ordered: ordered ? { orderId: 'o', code: 'B', name: '软食清蒸鳕鱼泥低盐套餐', fulfilment: 'collect', mayCancel: true } : null,
    offers: TODAY.offers.map(({ code, name, dietTags, dishes }) => ({ code, name, dietTags, dishes, ...(code === 'C' ? { notSuitable: true as const } : {}) })),
  })),
});
const REFUSED = { sentence: words('没有扣钱。这一餐不能在这里用补贴，请找工作人员，价格一样。'), code: 'PAYMENT.SENIOR_SUSPENDED', requestId: '0192f3aa-0000' };
const DEVICE: DeviceStatus = {
  appVersion: '0.1.0-9f3a2c1', contract: 4, queueCount: 60, queueOldestAtMs: 1, chainSeq: 60, clockDriftMs: 91_000, camera: 'ok', storageUsed: 12_000_000, storageQuota: 900_000_000,
  storagePersisted: false, offlineUntilMs: null,
};

const screensFor = (name: string): Screen[] => [
  { name: 'welcome' }, { name: 'is-it-you', candidate: candidate(name) }, { name: 'is-it-you', candidate: candidate(name), look: 'alone' }, { name: 'which', candidates: [name, NAME, '王女士', '李先生'].map(candidate) },
  { name: 'meal', candidate: candidate(name), meals: ['A', 'B', 'C', 'D'].map((code) => mealOf(code, name)) },
  { name: 'order', candidate: candidate(name), orders: ordersOf(name, true), at: 0 }, { name: 'order', candidate: candidate(name), orders: ordersOf(name, true), at: 0, look: 'alone' }, { name: 'order', candidate: candidate(name), orders: ordersOf(name, false), at: 1 }, { name: 'order', candidate: candidate(name), orders: { ...ordersOf(name, false), meals: [] }, at: 0 },
  { name: 'confirm', candidate: candidate(name), meal: mealOf('B', name), changed: true }, { name: 'confirm', candidate: candidate(name), meal: mealOf('B', name), changed: false, look: true }, { name: 'confirm', candidate: candidate(name), meal: mealOf('B', name), changed: false, look: 'alone' }, { name: 'second', same: true },
  { name: 'together', outcomes: [{ kind: 'paid', answer: paid(name), offline: true }, { kind: 'refused', maskedName: name, refused: REFUSED }] },
  { name: 'collect', last4: null, nobody: false }, { name: 'collect', last4: '1234', nobody: true }, { name: 'checking', tries: 3, staffCalled: true },
  { name: 'done', answer: paid(name), offline: true, invited: true }, { name: 'done', answer: paid(name) },
  { name: 'not-recognised', doubt: ['p'] }, { name: 'not-recognised', doubt: [], another: true }, { name: 'not-recognised', doubt: [], unseen: true }, { name: 'not-recognised', doubt: [], unseen: true, several: true }, { name: 'digits', doubt: [], nobody: null }, { name: 'digits', doubt: [], nobody: '1234' }, { name: 'digits', doubt: [], nobody: '1234', without: true }, { name: 'pin', candidate: candidate(name), wrong: true }, { name: 'roaming' }, { name: 'turn', side: 'left' },
  { name: 'hand-over', wrong: true }, { name: 'card', unknownCard: true }, { name: 'short', shortFen: 12_350 }, { name: 'closed', reason: 'sold-out' }, { name: 'closed', reason: 'not-serving' },
  { name: 'refused', refused: REFUSED }, { name: 'rate', step: 'face', ratingId: 'r' }, { name: 'rate', step: 'why', ratingId: 'r' }, { name: 'rate', step: 'not-noted', ratingId: 'r' },
  ...(['open', 'full', 'too-young', 'unknown', 'no-zone', 'no-answer', null] as const).map((decision) => ({ name: 'gate' as const, decision, freeSeats: 12 })),
  { name: 'help' }, { name: 'staff-pin', refused: REFUSED },
  { name: 'staff', panel: { staffName: name, sales: Array.from({ length: 10 }, (_, index) => ({ answer: { ...paid(name), receiptNo: `${index}` }, refunded: index === 3 })) }, health: DEVICE },
  { name: 'staff', panel: { staffName: name, offline: true, sales: Array.from({ length: 10 }, (_, index) => ({ answer: { ...paid(name), receiptNo: `${index}` }, refunded: false })) }, health: DEVICE },
  { name: 'out-of-service', reEnrol: true }, { name: 'out-of-service', reEnrol: false }, { name: 'out-of-service', reEnrol: false, locked: true }, { name: 'enrol', busy: false, refused: REFUSED, lost: true }, { name: 'waiting', pointName: TODAY.pointName, number: '888888' }, { name: 'calibrate' }, { name: 'ports', from: 'panel' }, { name: 'starting' },
];

let test: TestApp;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;

beforeAll(async () => {
  test = await startApp();
  const street = await insertLunchTime(test);
  const origin = await listen(test);
  const officer = await signIn(test, 'street', 'street', street.streetId);
  browser = await startChromium(emptyFilm());
  watched = await openPage(browser, SIZES.lying);
  kiosk = new KioskPage(watched.page);
  await watched.page.goto(`${origin}/kiosk/?print=browser`); // with the buttons that print
  await kiosk.until('enrol');
  await kiosk.enrol(origin, ((await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string }).code);
  await kiosk.until('welcome');
  await holdStill(kiosk.page);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});

async function setUp(panel: keyof typeof PANELS, text: keyof typeof TEXTS): Promise<void> {
  await kiosk.page.evaluate(`{
    document.documentElement.style.setProperty('--mm', '${PANELS[panel]}px');
    document.documentElement.style.setProperty('--k', '${text === 'usual' ? 1 : 2}');
    document.documentElement.dataset.text = '${text}';
    dispatchEvent(new Event('rehufan-measures'));
  }`);
}

async function picture(name: string): Promise<void> {
  const folder = process.env['KIOSK_PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await kiosk.page.screenshot({ path: path.join(folder, `${name}.png`), scale: 'css' });
}

async function breachesOfAll(panel: keyof typeof PANELS, lie: keyof typeof SIZES, text: keyof typeof TEXTS, name: string): Promise<string[]> {
  const found: string[] = [];
  await kiosk.page.setViewportSize(SIZES[lie]);
  await setTray(kiosk.page, null);
  for (const [index, screen] of screensFor(name).entries()) {
    await showScreen(kiosk.page, screen, TODAY);
    await kiosk.until(screen.name);
    // A calibrating step measures with its own millimetre; it is set for every screen anew.
    await setUp(panel, text);
    await picture(`${panel}-${lie}-${text}-${String(index).padStart(2, '0')}-${screen.name}`);
    for (const breach of await breachesOnGlass(kiosk.page, TEXTS[text])) found.push(`${screen.name} ${index}: ${breach}`);
  }
  return found;
}

/** Chooses the language of the set-up. */
async function speak(language: '中文' | 'English'): Promise<void> {
  await showScreen(kiosk.page, { name: 'calibrate' }, TODAY);
  await kiosk.until('calibrate');
  await kiosk.press(language);
  await kiosk.page.getByRole('button', { name: language === '中文' ? 'English' : '中文' }).waitFor();
}

describe('every screen keeps its measures with the longest names', () => {
  for (const panel of Object.keys(PANELS) as (keyof typeof PANELS)[]) {
    for (const lie of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
      for (const text of Object.keys(TEXTS) as (keyof typeof TEXTS)[]) {
        it(`${panel} inch ${lie}, ${text} words`, async () => {
          expect(await breachesOfAll(panel, lie, text, LONGEST)).toEqual([]);
        });
      }
    }
  }

  for (const lie of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    for (const text of Object.keys(TEXTS) as (keyof typeof TEXTS)[]) {
      it(`15.6 inch ${lie}, ${text} words, in English`, async () => {
        await speak('English'); // while it is set up, so that it stays
        const breaches = await breachesOfAll('15.6', lie, text, LONGEST);
        await speak('中文');
        expect(breaches).toEqual([]);
      });
    }
  }

  it('tells nobody who looks at the glass why somebody was refused, and gives a number to ask by', async () => {
    for (const screen of [{ name: 'refused', refused: REFUSED }, { name: 'together', outcomes: [{ kind: 'refused', maskedName: NAME, refused: REFUSED }] }] as Screen[]) {
      await showScreen(kiosk.page, screen, TODAY);
      await kiosk.until(screen.name);
      expect(await kiosk.text()).toMatch(/^(?!.*SUSPENDED).*请报：0192f3aa/s);
    }
  });

  it('shows both of two people with their prices', async () => {
    await kiosk.page.setViewportSize(SIZES.lying);
    for (const text of ['usual', 'largest'] as const) {
      await setTray(kiosk.page, { candidate: candidate(LONGEST), meal: mealOf('A', LONGEST) });
      await showScreen(kiosk.page, { name: 'confirm', candidate: candidate(NAME), meal: mealOf('B', NAME), changed: false });
      await setUp('15.6', text);
      await picture(`15.6-lying-${text}-two`);
      expect(await breachesOnGlass(kiosk.page, TEXTS[text])).toEqual([]);
    }
  });

  it('asks whether somebody is still there over a screen that cannot be pressed meanwhile', async () => {
    await setTray(kiosk.page, null);
    await standThere(kiosk.page);
    for (const panel of Object.keys(PANELS) as (keyof typeof PANELS)[]) {
      for (const lie of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
        for (const text of Object.keys(TEXTS) as (keyof typeof TEXTS)[]) {
          await kiosk.page.setViewportSize(SIZES[lie]);
          await showScreen(kiosk.page, { name: 'digits', doubt: [], nobody: null }, TODAY);
          await setUp(panel, text);
          await letTimePass(kiosk.page, 121_000);
          await kiosk.page.getByRole('alertdialog').waitFor();
          await picture(`${panel}-${lie}-${text}-still-there`);
          expect({ panel, lie, text, breaches: await breachesOnGlass(kiosk.page, TEXTS[text]) }).toEqual({ panel, lie, text, breaches: [] });
        }
      }
    }
    expect(await seriousFindings(kiosk.page)).toEqual([]);
    expect(await kiosk.page.locator('.keys button').first().click({ timeout: 500 }).then(() => 'pressed', () => 'not to be pressed')).toBe('not to be pressed');
    await kiosk.press('我还在');
    await kiosk.page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(await kiosk.name()).toBe('digits');
  });

  it('keeps a contrast of 7 to 1 everywhere, and axe finds nothing serious', async () => {
    await setTray(kiosk.page, null);
    const found: string[] = [];
    for (const screen of screensFor(NAME)) {
      await showScreen(kiosk.page, screen, TODAY);
      await setUp('21.5', 'usual');
      for (const finding of await seriousFindings(kiosk.page)) found.push(`${screen.name}: ${finding}`);
      const pale = await kiosk.page.evaluate<string[]>(
        "axe.run('.panel', { runOnly: ['color-contrast-enhanced'] }).then(({ violations }) => violations.flatMap(({ nodes }) => nodes.map(({ html }) => html.slice(0, 120))))",
      );
      for (const html of pale) found.push(`${screen.name} pale: ${html}`);
    }
    expect(found).toEqual([]);
  });

  it('makes words larger in a round, keeps the choice of the set-up alone, and turns pages by buttons where they do not fit', async () => {
    await kiosk.page.setViewportSize(SIZES.lying);
    await showScreen(kiosk.page, { name: 'staff', panel: { staffName: NAME, sales: Array.from({ length: 10 }, (_, index) => ({ answer: { ...paid(LONGEST), mealId: `m${index}` }, refunded: false })) }, health: DEVICE });
    await setUp('15.6', 'usual');
    await kiosk.press('字：中');
    await kiosk.press('字：大');
    expect(await kiosk.page.evaluate<string>("getComputedStyle(document.documentElement).getPropertyValue('--k')")).toBe('2');
    const down = kiosk.page.locator('[data-page-down]');
    await down.waitFor();
    expect(await kiosk.page.locator('[data-page-up]').isDisabled()).toBe(true);
    await kiosk.page.reload();
    await kiosk.until('welcome');
    await kiosk.page.getByRole('button', { name: '字：中' }).waitFor(); // a guest's choice is not the next one's
    await showScreen(kiosk.page, { name: 'calibrate' });
    await kiosk.press('字：中');
    await kiosk.page.getByRole('button', { name: '字：大' }).waitFor();
    await kiosk.page.reload();
    await kiosk.until('welcome');
    await kiosk.page.getByRole('button', { name: '字：大' }).waitFor();
    await showScreen(kiosk.page, { name: 'calibrate' });
    await kiosk.press('字：大');
    await kiosk.press('字：最大');
    expect(watched.errors).toEqual([]);
  });
});
