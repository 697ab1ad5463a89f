import { DEMO_STAFF } from '../../src/modules/demo-street/index.js';
import { ROLES } from '../../src/contract/access.js';
import { goTo, openConsoleWorld, openWindow, seriousFaults, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

let world: ConsoleWorld;
let visit: Visit;
const looked = new Set<string>();

beforeAll(async () => { world = await openConsoleWorld(); }, 240_000);
afterAll(() => world.close());
beforeEach(async () => { visit = await openWindow(world); });
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

describe('every page of every menu', () => {
  it.each(ROLES)('of %s shows no serious fault', async (role) => {
    const login = DEMO_STAFF.find((staff) => staff.role === role)?.loginName ?? '';
    const { page } = visit;
    await signInOnPage(world, visit, login);
    const landed = new URL(page.url()).pathname;
    await goTo(world, visit, '/console/start');
    expect(await page.locator('[data-role]').getAttribute('data-role')).toBe(role);
    const links = await page.locator('.card').evaluateAll((cards) => cards.map((card) => card.getAttribute('href') ?? ''));
    expect(links.length).toBeGreaterThan(0);
    const faults: string[] = [];
    // A page is looked at once, by the first role that has it.
    for (const path of ['/console/password', landed, ...links].filter((one) => !looked.has(one))) {
      looked.add(path);
      await goTo(world, visit, path);
      faults.push(...(await seriousFaults(page)).map((fault) => `${path} ${fault}`));
    }
    expect(faults).toEqual([]);
  }, 240_000);

  it('would have shown one: the ruler finds a picture and a field without a name', async () => {
    const { page } = visit;
    await page.goto(`${world.origin}/console/login`);
    await page.waitForSelector('input[name=loginName]:focus');
    await page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/console/bowl.svg\"><input>')");
    const found = (await seriousFaults(page)).join('\n');
    expect(found).toMatch(/image-alt/);
    expect(found).toMatch(/label/);
  });
});
