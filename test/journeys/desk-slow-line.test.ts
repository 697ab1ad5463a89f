import type { Page } from 'playwright-core';
import { cardCheckDigit } from '../../src/domain/persons/index.js';
import { identityHashes } from '../../src/infra/crypto/identity-hashes.js';
import { Keyring } from '../../src/infra/crypto/keyring.js';
import { addStreetDesk, type StreetDesk } from '../browser/fixture/desk.js';
import { enterAs, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

let world: ConsoleWorld;
let desk: StreetDesk;
let visit: Visit;

beforeAll(async () => {
  world = await openConsoleWorld();
  desk = await addStreetDesk(world.test);
}, 240_000);
afterAll(() => world.close());
beforeEach(async () => {
  visit = await openWindow(world);
  await enterAs(world, visit, desk.loginName, desk.password);
  await visit.page.goto(`${world.origin}/console/desk`);
  await visit.page.getByRole('button', { name: /一荤两素/ }).waitFor();
});
afterEach(async () => {
  await visit.page.unrouteAll({ behavior: 'ignoreErrors' });
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

/** Holds what is asked of these addresses until it is let go; `asked` is fulfilled by the first that waits. */
async function slowLine(page: Page, pattern: string, method = 'GET'): Promise<{ asked: Promise<void>; letGo: () => void }> {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((open) => { letGo = open; });
  let waits: () => void = () => undefined;
  const asked = new Promise<void>((told) => { waits = told; });
  await page.route(pattern, async (route) => {
    if (route.request().method() !== method) return route.continue();
    waits();
    await gate;
    return route.continue().catch(() => undefined); // a question that the page has taken back meanwhile
  });
  return { asked, letGo };
}
const finder = (page: Page) => page.getByRole('combobox', { name: '找老人' });
const chosen = (page: Page) => page.locator('p.chosen');
const meal = (page: Page) => page.getByRole('button', { name: /^1?\s*A 一荤两素/ });
const sell = (page: Page) => page.getByRole('button', { name: /收款/ });
async function chooses(page: Page, name: string, last4: string): Promise<void> {
  await finder(page).fill(name);
  await page.getByRole('option', { name: new RegExp(name) }).click();
  await meal(page).click();
  await page.getByLabel('请老人说出手机后四位').fill(last4);
}
const mealsOf = async (seniorId: string): Promise<number> => Number((await world.test.dataSource.query<{ n: number }[]>(
  'SELECT COUNT(*) AS n FROM meal WHERE senior_id = ?', [seniorId]))[0]?.n);

describe('the finder of the desk over a slow line', () => {
  it('takes whom the text means that stands there when Enter is pressed, never one of the list before', async () => {
    const { page } = visit;
    const first = await desk.addSenior({ name: '王秀兰', last4: '7601' });
    const meant = await desk.addSenior({ name: '王秀英', last4: '7602' });
    await finder(page).pressSequentially('王秀');
    await page.getByRole('option', { name: /王秀英/ }).waitFor();
    const line = await slowLine(page, '**/api/v1/seniors?*');
    await finder(page).pressSequentially('英');
    await page.keyboard.press('Enter');
    await line.asked;
    expect([await page.getByRole('option').count(), await chosen(page).count()]).toEqual([0, 0]);
    line.letGo();
    await chosen(page).getByText('王秀英').waitFor();
    await page.getByRole('button', { name: '充值' }).click();
    await page.getByRole('heading', { name: /给 王秀英（\d+ 岁，.+） 充值/ }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('金额（元，1 到 5000）').fill('10');
    await page.getByRole('button', { name: '收款并充值' }).click();
    await page.getByText('已充值，余额 110 元').waitFor();
    expect([await desk.walletFen(first.seniorId), await desk.walletFen(meant.seniorId)]).toEqual([10_000, 11_000]);
  });

  it('takes nobody where several fit a text whose list nobody has seen', async () => {
    const { page } = visit;
    await desk.addSenior({ name: '赵同名', last4: '7611' });
    await desk.addSenior({ name: '赵同名', last4: '7612' });
    const line = await slowLine(page, '**/api/v1/seniors?*');
    await finder(page).pressSequentially('赵同名');
    await page.keyboard.press('Enter');
    await line.asked;
    line.letGo();
    await page.getByRole('option', { name: /赵同名/ }).nth(1).waitFor();
    expect(await chosen(page).count()).toBe(0);
    await page.keyboard.press('ArrowDown'); // the field has the keys again
    await page.keyboard.press('Enter');
    await chosen(page).getByText('赵同名').waitFor();
  });

  it('forgets Enter where the attendant has turned to somebody else before the answer', async () => {
    const { page } = visit;
    await desk.addSenior({ name: '孙晚到', last4: '7621' });
    const line = await slowLine(page, '**/api/v1/seniors?*');
    await finder(page).pressSequentially('孙晚到');
    await page.keyboard.press('Enter');
    await line.asked;
    await page.getByRole('button', { name: '没有账户，按公众价' }).click();
    line.letGo();
    await page.getByRole('option', { name: /孙晚到/ }).waitFor();
    expect(await chosen(page).textContent()).toContain('公众');
  });
});

it('finds whose card is read at the desk, however fast the reader sends its Enter', async () => {
  const { page } = visit;
  const senior = await desk.addSenior({ name: '卫刷卡', last4: '7661' });
  const cardNo = `990000007661${cardCheckDigit('990000007661')}`;
  await world.test.dataSource.query('INSERT INTO senior_card (card_hash, senior_id, last4, active, issued_at) VALUES (?, ?, ?, 1, ?)',
    [identityHashes.card(world.test.app.get(Keyring), cardNo), senior.seniorId, cardNo.slice(-4), world.test.clock.now()]);
  const line = await slowLine(page, '**/api/v1/seniors?*');
  await finder(page).focus();
  await page.keyboard.type(`${cardNo}\n`);
  await line.asked;
  line.letGo();
  await chosen(page).getByText('卫刷卡').waitFor();
});

describe('a sale of the desk over a slow line', () => {
  it('asks a price anew that has changed, and sells at it once it was confirmed', async () => {
    const { page } = visit;
    const senior = await desk.addSenior({ name: '李改价', last4: '7631' });
    await chooses(page, '李改价', '7631');
    await page.getByRole('button', { name: '收款 16 元' }).waitFor();
    await world.test.dataSource.query('UPDATE set_meal SET gross_fen = 2200 WHERE id = ?', [desk.setMealId]);
    try {
      await sell(page).click();
      await page.getByRole('alert').getByText(/没有扣钱。价格有变化/).waitFor();
      await page.getByRole('button', { name: '收款 17.60 元' }).click();
      await page.getByText(/已付 17.60 元/).first().waitFor();
      expect([await mealsOf(senior.seniorId), await desk.walletFen(senior.seniorId)]).toEqual([1, 8_240]);
    } finally {
      await world.test.dataSource.query('UPDATE set_meal SET gross_fen = 2000 WHERE id = ?', [desk.setMealId]);
    }
  });

  it('leaves what is put together for the next one when the answer comes late', async () => {
    const { page } = visit;
    const [before, next] = [await desk.addSenior({ name: '周先来', last4: '7641' }), await desk.addSenior({ name: '吴后来', last4: '7642' })];
    await chooses(page, '周先来', '7641');
    const line = await slowLine(page, '**/api/v1/desk/sales', 'POST');
    await sell(page).click();
    await line.asked;
    await chooses(page, '吴后来', '7642');
    line.letGo();
    await page.getByText(/已付 16 元/).first().waitFor();
    expect(await chosen(page).textContent()).toContain('吴后来');
    expect(await page.getByLabel('请老人说出手机后四位').inputValue()).toBe('7642');
    await sell(page).click();
    await chosen(page).waitFor({ state: 'detached' });
    expect([await mealsOf(before.seniorId), await mealsOf(next.seniorId)]).toEqual([1, 1]);
  });

  it('leaves the next one’s sale also where the result of the former is asked for, and says whose sale failed', async () => {
    const { page } = visit;
    const before = await desk.addSenior({ name: '郑没答', last4: '7651' });
    await desk.addSenior({ name: '冯接着', last4: '7652' });
    await chooses(page, '郑没答', '7651');
    await page.route('**/api/v1/desk/sales', (route) => (route.request().method() === 'POST' ? route.abort('connectionreset') : route.continue()));
    await sell(page).click();
    await page.getByText('没有收到回答').waitFor();
    await page.unroute('**/api/v1/desk/sales');
    await chooses(page, '冯接着', '7652');
    await world.test.dataSource.query("UPDATE senior SET status = 'suspended' WHERE id = ?", [before.seniorId]);
    await page.getByRole('button', { name: '查结果' }).click();
    await page.getByRole('alert').getByText(/^上一单没有成交，没有扣钱。/).waitFor();
    expect(await chosen(page).textContent()).toContain('冯接着');
    expect(await page.getByLabel('请老人说出手机后四位').inputValue()).toBe('7652');
    expect(await mealsOf(before.seniorId)).toBe(0);
  });
});
