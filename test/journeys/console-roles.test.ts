import { DEMO_STAFF } from '../../src/modules/demo-street/index.js';
import { ROLES } from '../../src/contract/access.js';
import { goTo, openConsoleWorld, openWindow, seriousFaults, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => { world = await openConsoleWorld(); }, 240_000);
afterAll(() => world.close());
beforeEach(async () => { visit = await openWindow(world); });
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

describe('every role on its pages', () => {
  it.each(ROLES)('%s lands on a page of its own and finds its work, without a serious fault', async (role) => {
    const login = DEMO_STAFF.find((staff) => staff.role === role)?.loginName ?? '';
    const { page } = visit;
    await signInOnPage(world, visit, login);
    const faults: string[] = [];
    const look = async (path: string): Promise<void> => {
      await goTo(world, visit, path);
      faults.push(...(await seriousFaults(page)).map((fault) => `${path} ${fault}`));
    };
    await look(new URL(page.url()).pathname);
    await look('/console/start');
    expect(await page.locator('[data-role]').getAttribute('data-role')).toBe(role);
    expect(await page.locator('.card').count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  }, 60_000);

  it('would have seen a serious fault: the ruler finds a picture and a field without a name', async () => {
    const { page } = visit;
    await page.goto(`${world.origin}/console/login`);
    await page.waitForSelector('input[name=loginName]:focus');
    await page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/console/bowl.svg\"><input>')");
    const found = (await seriousFaults(page)).join('\n');
    expect(found).toMatch(/image-alt/);
    expect(found).toMatch(/label/);
  });
});
