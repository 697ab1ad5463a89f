import type { Page } from 'playwright-core';
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
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

const mealsOf = async (seniorId: string): Promise<number> => Number((await world.test.dataSource.query<{ n: number }[]>(
  'SELECT COUNT(*) AS n FROM meal WHERE senior_id = ?', [seniorId]))[0]?.n);

describe('the assisted desk', () => {
  it('sells to a senior by keyboard alone, with a reason and a second proof', async () => {
    const { page } = visit;
    const senior = await desk.addSenior({ name: '周桂英', last4: '4321' });
    await page.keyboard.press('/');
    await page.keyboard.type('周桂英');
    await page.getByRole('option', { name: /周桂英/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('1');
    await page.getByText('本人付').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const sell = page.getByRole('button', { name: /收款/ });
    expect(await sell.isDisabled()).toBe(true); // no second proof yet
    await page.getByLabel('请老人说出手机后四位').focus();
    await page.keyboard.type('4321');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/已付 16 元 · 一荤两素 · 取餐号/).first().waitFor();
    expect(await mealsOf(senior.seniorId)).toBe(1);
    expect(await desk.walletFen(senior.seniorId)).toBe(10_000 - 1_600);
    await page.getByRole('row', { name: /周女士|周先生|周/ }).first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  it.each([
    ['a proxy answers in the server’s place', { status: 502, contentType: 'text/html', body: '<html>Bad Gateway</html>' }],
    ['the server fails after the sale', { status: 500, contentType: 'application/json', body: JSON.stringify({ code: 'SYSTEM.FAILED', zh: '系统出错', en: 'Failed', requestId: 'x' }) }],
    ['the answer is cut off', { status: 200, contentType: 'application/json', body: '{"mealId":"01' }],
  ])('keeps the key of a sale while %s, and asking again sells nothing more', async (_name, answer) => {
    const { page } = visit;
    const before = await desk.served();
    await page.route('**/desk/sales', async (route) => {
      await route.fetch();
      await route.fulfill(answer);
    });
    await page.getByRole('heading', { name: '吃什么' }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('1');
    await page.getByRole('button', { name: '收款 20 元' }).click();
    const again = page.locator('.notice.amber button.primary');
    await again.waitFor();
    expect(await page.getByRole('button', { name: '收款 20 元' }).isDisabled()).toBe(true);
    await page.unroute('**/desk/sales');
    await again.click();
    await page.getByText(/已付 20 元/).first().waitFor();
    expect(await desk.served()).toBe(before + 1);
    visit.errors.splice(0); // the browser itself writes down a failed answer
  });

  it('refuses a wrong second proof and says first that no money moved', async () => {
    const { page } = visit;
    const senior = await desk.addSenior({ name: '吴阿毛', last4: '1111' });
    await page.getByRole('combobox', { name: '找老人' }).fill('吴阿毛');
    await page.getByRole('option', { name: /吴阿毛/ }).click();
    await page.getByRole('button', { name: /一荤两素/ }).click();
    await page.getByLabel('请老人说出手机后四位').fill('9999');
    await page.getByRole('button', { name: /收款/ }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/^没有扣钱.*PAYMENT\.SECOND_FACTOR/);
    expect(await mealsOf(senior.seniorId)).toBe(0);
  });

  it('sells to a guest at the public price, refunds within the meal, and counts both', async () => {
    const { page } = visit;
    const before = await desk.served();
    await page.getByRole('heading', { name: '吃什么' }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('1');
    await page.getByRole('button', { name: '收款 20 元' }).click();
    await page.getByText(/已付 20 元/).first().waitFor();
    expect(await desk.served()).toBe(before + 1);
    await page.getByRole('row', { name: /公众.*20\.00/ }).first().getByRole('button', { name: '退餐' }).click();
    await page.locator('dialog').getByLabel('原因').selectOption('dropped');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '退 20 元' }).click();
    await page.getByText('已退 20 元').waitFor();
    expect(await desk.served()).toBe(before);
  });

  it('asks for the result instead of selling again when the answer is lost, also after a reload', async () => {
    const { page } = visit;
    const senior = await desk.addSenior({ name: '郑小云', last4: '2222' });
    await page.getByRole('combobox', { name: '找老人' }).fill('郑小云');
    await page.getByRole('option', { name: /郑小云/ }).click();
    await page.getByRole('button', { name: /一荤两素/ }).click();
    await page.getByLabel('请老人说出手机后四位').fill('2222');
    await page.route('**/api/v1/desk/sales', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch(); // the server sold
      await route.abort('connectionreset'); // and its answer is lost
    });
    await page.getByRole('button', { name: /收款/ }).click();
    await page.getByText('没有收到回答').waitFor();
    expect(await mealsOf(senior.seniorId)).toBe(1);
    await page.unroute('**/api/v1/desk/sales');
    await page.reload();
    await page.getByText('没有收到回答').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '查结果' }).click();
    await page.getByText(/已付 16 元/).first().waitFor();
    expect(await mealsOf(senior.seniorId)).toBe(1);
    expect(await desk.walletFen(senior.seniorId)).toBe(10_000 - 1_600);
  });

  it('gives a sale up whose answer was lost: one that never arrived is never charged', async () => {
    const { page } = visit;
    const senior = await desk.addSenior({ name: '郝不卖', last4: '2323' });
    await page.getByRole('combobox', { name: '找老人' }).fill('郝不卖');
    await page.getByRole('option', { name: /郝不卖/ }).click();
    await page.getByRole('button', { name: /一荤两素/ }).click();
    await page.getByLabel('请老人说出手机后四位').fill('2323');
    let sent: { body: string; headers: Record<string, string> } = { body: '', headers: {} };
    await page.route('**/api/v1/desk/sales', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      sent = { body: route.request().postData() ?? '', headers: await route.request().allHeaders() };
      return route.abort('connectionreset');
    });
    await page.getByRole('button', { name: /收款/ }).click();
    await page.getByText('没有收到回答').waitFor();
    await page.getByRole('button', { name: '不卖了，作废这一单' }).click();
    await page.getByText('没有扣钱，这一单作废了').waitFor();
    expect(await page.getByText('没有收到回答').count()).toBe(0);
    await page.unroute('**/api/v1/desk/sales');
    // What was on the way arrives after all, and charges nothing.
    const late = await page.request.post(page.url().replace(/\/console.*$/, '/api/v1/desk/sales'), { data: sent.body, headers: sent.headers });
    expect([late.status(), await mealsOf(senior.seniorId), await desk.walletFen(senior.seniorId)]).toEqual([409, 0, 10_000]);
  });

  it.each([
    ['the page of a proxy', { status: 502, contentType: 'text/html', body: '<html>Bad Gateway</html>' }],
    ['an answer cut off in its middle', { status: 200, contentType: 'application/json', body: '{"mealId":"0' }],
    ['a failure after the sale', { status: 500, contentType: 'application/json', body: '{"code":"INTERNAL","zh":"出错了","en":"It failed"}' }],
  ])('keeps the key of a cash sale over %s, and sells one portion to two presses', async (_, broken) => {
    const { page } = visit;
    const before = await desk.served();
    await page.getByRole('heading', { name: '吃什么' }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('1');
    await page.route('**/api/v1/desk/sales', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch(); // the server sold
      await route.fulfill(broken);
    }, { times: 1 });
    await page.getByRole('button', { name: '收款 20 元' }).click();
    await page.getByText('没有收到回答').waitFor();
    await page.getByRole('button', { name: '查结果' }).click();
    await page.getByText(/已付 20 元/).first().waitFor();
    expect(await desk.served()).toBe(before + 1);
    visit.errors.splice(0); // the browser's own word on the broken answer
  });

  it('tops up an account that lacks money, and shows what is missing before', async () => {
    const { page } = visit;
    const senior = await desk.addSenior({ name: '钱有余', last4: '3333', balanceFen: 1_000 });
    await page.getByRole('combobox', { name: '找老人' }).fill('钱有余');
    await page.getByRole('option', { name: /钱有余/ }).click();
    await page.getByRole('button', { name: /一荤两素/ }).click();
    await page.getByText('余额差 6 元').waitFor();
    await page.getByRole('button', { name: '充值' }).click();
    await page.getByLabel('金额（元，1 到 5000）').fill('12.50');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '收款并充值' }).click();
    await page.getByText('已充值，余额 22.50 元').waitFor();
    await page.getByText('余额差 6 元').waitFor({ state: 'detached' });
    expect(await desk.walletFen(senior.seniorId)).toBe(2_250);
  });

  const chooses = async (page: Page, name: string, last4: string): Promise<void> => {
    await page.getByRole('combobox', { name: '找老人' }).fill(name);
    await page.getByRole('option', { name: new RegExp(name) }).click();
    await page.getByRole('button', { name: /^1?\s*A 一荤两素/ }).click();
    await page.getByLabel('请老人说出手机后四位').fill(last4);
  };

  it('holds a sale for somebody who looks for the purse, serves the next one meanwhile, and takes it up again with a price and a proof asked anew', async () => {
    const { page } = visit;
    const [slow, quick] = [await desk.addSenior({ name: '慢慢来', last4: '5551' }), await desk.addSenior({ name: '快快走', last4: '5552' })];
    await chooses(page, '慢慢来', '5551');
    await page.getByRole('button', { name: '挂单' }).click();
    await chooses(page, '快快走', '5552');
    await page.getByRole('button', { name: /收款/ }).click();
    await page.getByText(/已付 16 元/).first().waitFor();
    expect([await mealsOf(slow.seniorId), await mealsOf(quick.seniorId)]).toEqual([0, 1]);
    await page.getByRole('button', { name: '取回 慢慢来 · 一荤两素' }).click();
    expect(await page.getByLabel('请老人说出手机后四位').inputValue()).toBe('');
    expect(await page.getByRole('button', { name: /收款/ }).isDisabled()).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('请老人说出手机后四位').fill('5551');
    await page.getByRole('button', { name: /收款/ }).click();
    await page.getByRole('button', { name: /取回|收款/ }).waitFor({ state: 'detached' });
    expect(await mealsOf(slow.seniorId)).toBe(1);
  });

  it('prints the slip of a sale, and of an earlier one again', async () => {
    const { page } = visit;
    await page.evaluate("window.printed = []; window.print = () => { printed.push(document.body.classList.contains('slip-only') ? document.querySelector('.desk-slip').textContent : 'the whole page'); }");
    await desk.addSenior({ name: '要小票', last4: '6661' });
    await chooses(page, '要小票', '6661');
    await page.getByRole('button', { name: /收款/ }).click();
    await page.getByRole('button', { name: '打印小票' }).click();
    await page.getByRole('button', { name: '重印' }).first().click();
    const printed = await page.evaluate<string[]>('printed');
    expect(printed).toHaveLength(2);
    expect(printed[0]).toMatch(/小票.*要(先生|女士) · 一荤两素.*16 元/s);
    expect(printed[1]).toMatch(/补打.*一荤两素/s);
    expect(await page.locator('.desk-slip').count()).toBe(0);
  });

  it('lets a colleague decide on a refund that one person may not give alone', async () => {
    const { page } = visit;
    await world.test.dataSource.query(
      `INSERT INTO stored_value_setting (street_id, difference_limit_fen, refund_alone_fen, refund_basis, merchant_payers, changed_by, changed_at)
       VALUES (?, 2000, 0, 'merchant-discount', '[]', UUID(), NOW(3))`, [desk.streetId]);
    const senior = await desk.addSenior({ name: '退一退', last4: '7771' });
    await chooses(page, '退一退', '7771');
    await page.getByRole('button', { name: /收款/ }).click();
    const row = (where: Page) => where.getByRole('row', { name: /退(先生|女士)/ });
    await row(page).getByRole('button', { name: '退餐' }).click();
    await page.getByText('要由同事确认后才退').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '请同事确认退 16 元' }).click();
    await page.getByText('没有退钱，等另一个人确认').waitFor();
    await row(page).getByText('等同事确认').waitFor();
    expect(await desk.walletFen(senior.seniorId)).toBe(8_400);
    const second = await openWindow(world);
    await enterAs(world, second, await desk.addColleague(), desk.password);
    await second.page.goto(`${world.origin}/console/desk`);
    await row(second.page).getByRole('button', { name: '确认退餐' }).click();
    expect(await seriousFaults(second.page)).toEqual([]);
    await second.page.getByRole('button', { name: '退 16 元' }).click();
    await second.page.getByText('已退 16 元').waitFor();
    expect(await desk.walletFen(senior.seniorId)).toBe(10_000);
    expect(second.errors).toEqual([]);
    await second.context.close();
  });

  it('ends a shift with nothing unsent, or with a reason that another person sees', async () => {
    const { page } = visit;
    const deviceId = crypto.randomUUID();
    await world.test.dataSource.query(
      "INSERT INTO device (id, point_id, kind, name, signing_key_jwk, sealing_key_jwk, status, enrolled_at) VALUES (?, ?, 'kiosk', '门口机', '{}', '{}', 'active', NOW(3))", [deviceId, desk.pointId]);
    await world.test.dataSource.query(
      `INSERT INTO device_status (device_id, reported_at, app_version, contract, queue_count, queue_oldest_at, chain_seq, clock_drift_ms, camera, storage_persisted)
       VALUES (?, ?, 'x', 1, 2, ?, 3, 0, 'ok', 1)`, [deviceId, world.test.clock.now(), world.test.clock.now()]);
    await page.reload();
    await page.getByText('机器没上传 2 笔').waitFor();
    await page.getByRole('button', { name: '清点交班' }).click();
    await page.getByText(/门口机：没上传 2 笔/).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('钱箱里数出（元）').fill('0');
    await page.getByLabel('留给下一班（元）').fill('0');
    await page.getByLabel('不一样的原因').fill('上一单的零钱');
    await page.getByLabel('为什么现在就交班').fill('机器断网');
    await page.locator('dialog').getByRole('button', { name: '清点交班' }).click();
    await page.getByText(/等另一个人复核/).waitFor();
    await page.getByText('钱箱没有开，不能收现金。').waitFor();
  });

  it('keeps the last figures and says that they are old when the server is away', async () => {
    const { page } = visit;
    await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
    await page.clock.setFixedTime(new Date(world.test.clock.now().getTime() + 45_000));
    await page.locator('.age[data-level="stale"]').first().waitFor();
    await page.getByRole('button', { name: /一荤两素/ }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });
});
