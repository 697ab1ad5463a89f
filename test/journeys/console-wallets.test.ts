import { strToU8, zipSync } from 'fflate';
import type { WalletListAnswer } from '../../src/contract/wallets.js';
import { PaymentPlatform } from '../fixtures/payment-platform.js';
import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { settled } from '../browser/fixture/settled.js';

let platform: PaymentPlatform;
let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => {
  platform = new PaymentPlatform();
  world = await openConsoleWorld(60, await platform.start());
  platform.now = () => world.test.clock.now();
}, 240_000);
afterAll(async () => {
  await world.close();
  await platform.stop();
});
beforeEach(async () => { visit = await openWindow(world); });
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

/** Somebody of the attendant's point with money in the wallet. */
async function somebody(): Promise<WalletListAnswer['rows'][number]> {
  const answer = await (await visit.page.request.get(`${world.origin}/api/v1/wallets?size=200`)).json() as WalletListAnswer;
  const found = answer.rows.find((row) => row.status === 'active' && row.balanceFen >= 1_000 && row.balanceFen < 100_000 && row.cards === 1);
  if (found === undefined) throw new Error('nobody has money and a card');
  return found;
}
const purse = (name: string) => visit.page.locator(`[data-purse=${name}]`);

describe('wallets at the point', () => {
  it('takes money by QR code to its end, calls one off, and replaces a lost card', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'attendant');
    const { seniorId, balanceFen } = await somebody();
    await goTo(world, visit, `/console/wallets/${seniorId}`);
    expect(await seriousFaults(page)).toEqual([]);

    const order = async (): Promise<string> => {
      await purse('own').getByRole('button', { name: '充值' }).click();
      await page.getByLabel('金额（元，1 到 5000）').fill('12.5');
      await page.getByLabel('怎么付').selectOption('wechat');
      await page.getByRole('button', { name: '生成付款码' }).click();
      await page.locator('[data-order-state=waiting]').waitFor();
      return await page.locator('.qr-order code').textContent() ?? '';
    };
    const orderNo = await order();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.locator('.qr-order img').getAttribute('src')).toMatch(/^data:image\/svg/);
    platform.pay(orderNo);
    await page.getByRole('button', { name: '已付款，查结果' }).click();
    await page.locator('[data-order-state=paid]').waitFor();
    await page.getByRole('button', { name: '关闭' }).click();
    await purse('own').getByText(((balanceFen + 1_250) / 100).toFixed(2)).waitFor();
    await order();
    await page.getByRole('button', { name: '取消付款码' }).click();
    await page.locator('[data-order-state=cancelled]').waitFor();
    await page.getByRole('button', { name: '关闭' }).click();

    await page.getByRole('button', { name: '挂失补卡' }).click();
    await page.getByLabel('原因').fill('丢在公交车上');
    await page.getByRole('button', { name: '马上停用旧卡' }).click();
    await page.getByText('已停用 1 张卡').waitFor();
  });

  it('grants points, and asks for a refund whose valuation it shows', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'attendant');
    const { seniorId, balanceFen } = await somebody();
    await goTo(world, visit, `/console/wallets/${seniorId}`);
    await purse('points').getByRole('button', { name: '发积分' }).click();
    await page.getByLabel('积分（整数）').fill('1.5');
    await page.getByLabel('原因').fill('帮厨');
    await page.getByRole('dialog').getByRole('button', { name: '发积分' }).click();
    await page.getByText('没有动积分').waitFor();
    await page.getByLabel('积分（整数）').fill('15');
    await page.getByRole('dialog').getByRole('button', { name: '发积分' }).click();
    await purse('points').getByText('15', { exact: true }).waitFor();

    await purse('own').getByRole('button', { name: '申请退款' }).click();
    await page.getByText('商家停业、不能供餐').click();
    await page.getByLabel('账号').fill('6222 0000 1111 2222');
    await page.getByLabel('开户银行').fill('演示银行');
    await page.getByLabel('原因', { exact: true }).fill('搬去女儿家');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: new RegExp(`申请退 ${(balanceFen / 100).toFixed(2)} 元`) }).click();
    await page.getByText('已申请，等另一个人复核').waitFor();
  });
});

describe('wallets in finance', () => {
  it('lets a second person approve a refund and mark it as paid, with the account in full', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'finance');
    await goTo(world, visit, '/console/wallets/requests');
    const row = page.getByRole('row', { name: /搬去女儿家/ });
    await row.getByRole('button', { name: '同意' }).first().click();
    await page.getByText('您是第二个人').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: '同意' }).click();
    await page.locator('.toasts').getByText('已执行').waitFor();
    await goTo(world, visit, '/console/wallets/requests?state=done&kind=refund');
    await page.getByRole('row', { name: /6222|2222/ }).getByRole('button', { name: '登记已付' }).click();
    await page.getByRole('button', { name: '显示收款账户' }).click();
    await page.getByText('6222000011112222').waitFor();
    await page.getByLabel('银行流水号').fill('BANK-1');
    await page.getByRole('dialog').getByRole('button', { name: '登记已付' }).click();
    await page.getByText(/已付 \d{4}-\d\d-\d\d BANK-1/).waitFor();
  });

  it('explains a difference of a channel’s bill, and reads Alipay’s archive', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'finance');
    await goTo(world, visit, '/console/wallets/channel-bills?day=2026-11-23&channel=wechat');
    await page.locator('[data-bill=open]').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '写明处理' }).first().click();
    await page.getByLabel('怎么处理的').selectOption('not-ours');
    await page.getByLabel('说明', { exact: true }).fill('隔壁店的收款码');
    await page.getByRole('dialog').getByRole('button', { name: '写明处理' }).click();
    await page.locator('[data-bill=agreed]').waitFor();
    await page.getByRole('combobox', { name: '渠道' }).selectOption('alipay');
    await page.getByLabel('日期', { exact: true }).fill('2026-11-22');
    const csv = '支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）\n2026A,nobody,交易,2026-11-22 11:00:00,8.80\n#结束\n';
    await page.setInputFiles('input[type=file]', { name: '20261122.zip', mimeType: 'application/zip', buffer: Buffer.from(zipSync({ '业务明细.csv': strToU8(csv) })) });
    await page.getByText('没有这个订单').waitFor();
  });

  it('shows gifts, limits and the rules of the close, none of them empty, in a menu of groups', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'finance');
    for (const [path, waited] of [['gifts', '[data-figure=fund]'], ['gifts?what=points', 'tbody tr'], ['movements', '[data-wallets=proven]'], ['settings', 'fieldset[disabled]'], ['', 'tbody tr']] as const) {
      await goTo(world, visit, `/console/wallets${path === '' ? '' : `/${path}`}`);
      await page.locator(waited).first().waitFor();
      if (path !== 'gifts') expect(await seriousFaults(page)).toEqual([]);
    }
    await goTo(world, visit, '/console/closing-settings');
    await page.getByLabel('纸质名单补录时限（小时）').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    // Rules is the group of this page; the others are shut until asked for, by keyboard too.
    const wallets = page.getByRole('button', { name: /储值与卡/ });
    expect(await page.getByRole('link', { name: '渠道账单' }).isVisible()).toBe(false);
    await wallets.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '渠道账单' }).click();
    await settled(page);
    expect(page.url()).toContain('/wallets/channel-bills');
    expect(await wallets.getAttribute('aria-expanded')).toBe('true');
  });
});
