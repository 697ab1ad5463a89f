import { mkdirSync } from 'node:fs';
import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { settled } from '../browser/fixture/settled.js';

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => { world = await openConsoleWorld(60); }, 240_000);
afterAll(() => world.close());
beforeEach(async () => { visit = await openWindow(world); });
afterEach(async () => {
  expect(visit.errors.filter((error) => !error.includes('status of 400'))).toEqual([]);
  await visit.context.close();
});

/** A picture for whoever wants to look; kept only where a folder is named. */
async function picture(name: string): Promise<void> {
  const folder = process.env['PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await visit.page.screenshot({ path: `${folder}/${name}.png` });
}

describe('a life event on the page', () => {
  it('shows with counts what it will stop, is recorded at the second press, and stands in the timeline', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'street');
    const [person] = await world.test.dataSource.query<{ id: string }[]>("SELECT p.senior_id AS id FROM standing_plan p JOIN senior s ON s.id = p.senior_id WHERE s.status = 'active' LIMIT 1");
    await goTo(world, visit, `/console/seniors/${person?.id ?? ''}?tab=life`);
    await page.getByRole('button', { name: '登记生活事件' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByLabel('事件').selectOption('death');
    await dialog.getByLabel('消息来源').fill('社区');
    await dialog.getByLabel('凭证编号').fill('证明 12');
    await picture('life-form');
    await dialog.getByRole('button', { name: '看看会停什么' }).click();
    await dialog.getByText('长期订餐停止').waitFor();
    expect(await dialog.innerText()).toMatch(/长期订餐停止\s*1/);
    await picture('life-preview');
    expect(await seriousFaults(page)).toEqual([]);
    const before = await world.test.dataSource.query<{ status: string }[]>('SELECT status FROM senior WHERE id = ?', [person?.id]);
    expect(before[0]?.status).toBe('active');
    await page.keyboard.press('Escape'); // back to the form, nothing recorded, what was typed is kept
    expect(await dialog.getByLabel('凭证编号').inputValue()).toBe('证明 12');
    await dialog.getByRole('button', { name: '看看会停什么' }).click();
    await dialog.getByRole('button', { name: '确认登记' }).click();
    await page.locator('.timeline').getByText('去世').waitFor();
    await settled(page);
    await picture('life-timeline');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('link', { name: '给家属的信' }).click();
    await page.getByText('请您节哀').waitFor();
    await picture('letter');
    expect(await seriousFaults(page)).toEqual([]);
  });
});

describe('the lists around it', () => {
  it('name row and column of what is wrong in a file, before anything changes', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'street');
    await goTo(world, visit, '/console/imports');
    await page.locator('input[type=file]').setInputFiles({ name: '死亡名单.csv', mimeType: 'text/csv', buffer: Buffer.from('姓名,身份证号,死亡日期\n陈国华,3.30102E+17,2026-11-20\n') });
    await page.getByRole('button', { name: '上传并核对' }).click();
    await page.getByText('身份证号被表格改成了数字').waitFor();
    await page.getByText('（身份证号列）').waitFor();
    await picture('import');
    expect(await seriousFaults(page)).toEqual([]);
  });

  it.each([
    ['unseen', '/console/unseen', '多日未见'], ['offers', '/console/offers', '年满90岁'], ['duplicates', '/console/duplicates', '可能重复的登记'],
    ['claw-backs', '/console/claw-backs', '追回清单'], ['operators', '/console/operators', '暖阳餐饮服务'], ['special', '/console/special-seniors', '特殊老人'],
  ])('%s reads well', async (name, path, text) => {
    await enterAs(world, visit, 'street');
    await goTo(world, visit, path);
    await visit.page.getByText(text).first().waitFor();
    await picture(name);
    expect(await seriousFaults(visit.page)).toEqual([]);
  });

  it('open an operator with its papers, and append one', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'street');
    await goTo(world, visit, '/console/operators');
    await page.getByRole('link', { name: '邻里小馆（演示）' }).click();
    await page.getByRole('button', { name: '追加一份' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByLabel('类型').selectOption('licence');
    await dialog.getByLabel('编号', { exact: true }).fill('DEMO-JY-2027');
    await dialog.getByLabel('开始').fill('2026-12-15');
    await dialog.getByLabel('截止（当天起无效）').fill('2031-12-15');
    await dialog.getByLabel('凭证编号').fill('扫描件 3');
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.getByText('DEMO-JY-2027').waitFor();
    await picture('operator');
    expect(await seriousFaults(page)).toEqual([]);
  });
});
