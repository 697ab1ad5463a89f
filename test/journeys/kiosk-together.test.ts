import type { Browser } from 'playwright-core';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { emptyFilm } from '../browser/fixture/camera-film.js';
import { LANDSCAPE, openPage, PORTRAIT, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { breachesOnGlass, seriousFindings } from '../browser/fixture/glass.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let origin: string;
let officer: SignedIn;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  origin = await listen(test);
  officer = await signIn(test, 'street', 'street', street.streetId);
  browser = await startChromium(emptyFilm());
  watched = await openPage(browser, LANDSCAPE);
  await watched.context.addInitScript({ content: 'window.prints = 0; window.print = () => { window.prints += 1; };' });
  kiosk = new KioskPage(watched.page);
  await watched.page.goto(`${origin}/kiosk/?print=browser`);
  await kiosk.until('enrol');
  await kiosk.enrol(origin, ((await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string }).code);
  await kiosk.until('welcome');
}, 180_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});
afterEach(() => expect(watched.errors.splice(0)).toEqual([]));

async function look(name: string): Promise<void> {
  await kiosk.until(name);
  for (const size of [PORTRAIT, LANDSCAPE]) {
    await kiosk.page.setViewportSize(size);
    expect({ name, size, breaches: await breachesOnGlass(kiosk.page) }).toEqual({ name, size, breaches: [] });
  }
  expect({ name, findings: await seriousFindings(kiosk.page) }).toEqual({ name, findings: [] });
}

async function home(): Promise<void> {
  await kiosk.page.goto(`${origin}/kiosk/`);
  await kiosk.until('welcome');
}

/** From the question who it is to the price. */
async function toConfirm(): Promise<void> {
  await kiosk.until('is-it-you');
  await kiosk.press('是我');
  await kiosk.until('confirm');
}

/** Both have chosen; the price of both is on the glass, and nothing is paid. */
async function bothChosen(first: TestSenior, second: TestSenior): Promise<void> {
  await home();
  await kiosk.byDigits(first.last4);
  await toConfirm();
  await kiosk.press('两个人一起付');
  await kiosk.until('second');
  await kiosk.swipe(second.cardNo);
  await toConfirm();
}

const couple = async (): Promise<[TestSenior, TestSenior]> => [
  await insertSenior(test, street, { birthDate: '1944-01-01', name: '欧阳建国' }), await insertSenior(test, street, { birthDate: '1962-01-01', name: '李福荣' }),
];
const pickups = (): Promise<string[]> => kiosk.page.locator('[data-pickup]').allInnerTexts();
const spent = async ({ seniorId }: TestSenior): Promise<number> => 10_000 - await walletFen(test.dataSource, seniorId);

describe('two people with one tray', () => {
  it('pay together, each from their own account at their own price, and nobody twice', async () => {
    const [first, second] = await couple();
    await home();
    await kiosk.byDigits(first.last4);
    await toConfirm();
    await look('confirm');
    await kiosk.press('两个人一起付');
    await look('second');
    await kiosk.press('手机尾号');
    await kiosk.until('digits');
    await kiosk.type(first.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.page.getByText('这位已经点好了').waitFor();
    await look('second');
    await kiosk.swipe(second.cardNo);
    await toConfirm();
    await look('confirm');
    expect(await kiosk.text()).toContain('还有欧阳先生');
    expect([await spent(first), await spent(second)]).toEqual([0, 0]);
    const sumFen = Math.round(Number(await kiosk.page.locator('[data-due]').innerText()) * 100);
    await kiosk.press('确定');
    await look('together');
    expect(new Set(await pickups()).size).toBe(2);
    await kiosk.press('打印小票');
    await kiosk.page.evaluate('(async () => { while (window.prints < 1) await new Promise((done) => setTimeout(done, 20)); })()');
    const { text, sheets } = await kiosk.paper();
    expect([await pickups(), sheets]).toEqual([(await pickups()).filter((number) => text.includes(number)), 2]);
    const [one, two] = [await spent(first), await spent(second)];
    expect(one + two).toBe(sumFen);
    expect(one).not.toBe(two); // of different age, so of different subsidy
    expect(await test.dataSource.query('SELECT COUNT(*) AS n FROM meal WHERE senior_id IN (?)', [[first.seniorId, second.seniorId]])).toEqual([{ n: 2 }]);
    await kiosk.press('好了');
    await kiosk.until('welcome');
  });

  it('are told for each whether money moved, where the second one cannot be served', async () => {
    const [first, second] = await couple();
    await bothChosen(first, second);
    await test.dataSource.query("UPDATE senior SET status = 'suspended' WHERE id = ?", [second.seniorId]);
    await kiosk.press('确定');
    await look('together');
    expect(await pickups()).toHaveLength(1);
    expect(await kiosk.text()).toContain('没有扣钱');
    expect(await spent(first)).toBeGreaterThan(0);
    expect(await spent(second)).toBe(0);
  });

  it('pay nothing where the first one cannot be served, and nothing where they change their mind', async () => {
    const [first, second] = await couple();
    await bothChosen(first, second);
    await kiosk.press('不要了');
    await kiosk.until('welcome');
    await bothChosen(first, second);
    await test.dataSource.query("UPDATE senior SET status = 'suspended' WHERE id = ?", [first.seniorId]);
    await kiosk.press('确定');
    await kiosk.until('together');
    expect(await pickups()).toEqual([]);
    expect(await kiosk.text()).toContain('前一位没有办成');
    expect([await spent(first), await spent(second)]).toEqual([0, 0]);
  });
});

it('a named collector takes a meal away and learns no balance; somebody else does not', async () => {
  const senior = await insertSenior(test, street, { birthDate: '1944-01-01', name: '王秀英' });
  await officer.post(`/seniors/${senior.seniorId}/contacts`, { kind: 'collector', relation: '女儿', name: '陈秀英', phone: '13900008642' }).expect(201);
  await home();
  await kiosk.press('手机尾号');
  await look('digits');
  await kiosk.press('替老人取餐');
  await look('collect');
  await kiosk.type(senior.last4);
  await kiosk.page.getByText('请输您自己手机号的后四位').waitFor();
  await kiosk.type('1111');
  await kiosk.page.getByText('没有找到登记过的代取人').waitFor();
  await look('collect');
  await kiosk.press('重新输入');
  await kiosk.type(senior.last4);
  await kiosk.page.getByText('请输您自己手机号的后四位').waitFor();
  await kiosk.type('8642');
  await look('is-it-you');
  expect(await kiosk.text()).toContain('您替王先生取餐');
  await kiosk.press('对，替他取');
  await kiosk.until('confirm');
  expect(await kiosk.page.getByText('两个人一起付').count()).toBe(0);
  await kiosk.press('确定');
  await look('done');
  expect(await kiosk.text()).toContain('请把饭带给王先生');
  expect(await kiosk.page.getByText('看余额').count()).toBe(0);
  expect(await test.dataSource.query('SELECT channel FROM meal WHERE senior_id = ?', [senior.seniorId])).toEqual([{ channel: 'take-away' }]);
});
