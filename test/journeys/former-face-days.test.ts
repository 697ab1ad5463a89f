import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

jest.setTimeout(180_000);

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => {
  world = await openConsoleWorld();
  visit = await openWindow(world);
}, 240_000);
afterAll(() => world.close());
afterEach(() => expect(visit.errors.splice(0)).toEqual([]));

const kept = async (): Promise<number[]> => (await world.test.dataSource.query<{ days: number }[]>('SELECT former_face_days AS days FROM face_setting')).map(({ days }) => days);
const section = () => visit.page.locator('[data-former-days]');
const field = () => section().getByLabel('天数（0–90）');
const save = () => section().getByRole('button', { name: '保存' });

it('the street sets how long a former face is kept, and finds it so after a reload', async () => {
  const { page } = visit;
  await enterAs(world, visit, 'street');
  await goTo(world, visit, '/console/faces');
  expect([await field().inputValue(), await save().isDisabled(), await kept()]).toEqual(['30', true, []]); // as installed
  await field().fill('7');
  await save().click();
  await page.getByText('已保存').waitFor();
  expect(await kept()).toEqual([7]);
  await page.reload();
  await section().waitFor();
  expect([await field().inputValue(), await save().isDisabled()]).toEqual(['7', true]);
  const lines = await world.test.dataSource.query("SELECT detail FROM audit_line WHERE action = 'face.former-days-set'");
  expect(JSON.stringify(lines)).toMatch(/before\W+30\W+days\W+7\b/);
});

it.each(['91', '-1', '1.5', ''])('says in words that %p was not saved, sends nothing, and keeps what was set', async (typed) => {
  const { page } = visit;
  const sent: string[] = [];
  page.on('request', (request) => { if (request.method() === 'PUT') sent.push(request.url()); });
  await field().fill(typed);
  await save().click();
  await section().getByRole('alert').getByText('没有保存。请填 0 到 90 的整数天。').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  expect([sent, await kept()]).toEqual([[], [7]]);
  await page.reload();
  await section().waitFor();
  expect(await field().inputValue()).toBe('7');
});

it('takes 0, which keeps none, and shows the field to nobody without the whole street', async () => {
  const { page } = visit;
  await field().fill('0');
  await save().click();
  await page.getByText('已保存').waitFor();
  expect([await kept(), await section().getByRole('alert').count()]).toEqual([[0], 0]);
  await visit.context.clearCookies();
  await enterAs(world, visit, 'attendant');
  await goTo(world, visit, '/console/faces');
  await page.locator('[data-liveness]').waitFor();
  expect(await section().count()).toBe(0);
});
