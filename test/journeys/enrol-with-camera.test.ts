import type { Browser } from 'playwright-core';
import { DEMO_PASSWORD } from '../../src/modules/demo-street/index.js';
import { layDemoStreet } from '../fixtures/demo-street.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import { TestDevice } from '../fixtures/test-device.js';
import { cosine, normalise } from '../../src/domain/identity/index.js';
import { emptyFilm, enrolmentPictures, visitFilm } from '../browser/fixture/camera-film.js';
import { LANDSCAPE, openPage, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { captureFace } from '../browser/fixture/face-probe.js';
import { listen } from '../browser/fixture/kiosk-page.js';

let test: TestApp;
let origin: string;
let browser: Browser | null = null;

beforeAll(async () => {
  test = await startApp();
  await layDemoStreet(test, { seniors: 40, pastDays: 1 });
  origin = (await listen(test)).replace('127.0.0.1', 'localhost');
}, 300_000);
afterAll(() => test.close());
afterEach(() => browser?.close());

/** The attendant at the enrolment page of a senior who has agreed, with a film before the camera. */
async function atTheCamera(name: string, film: string): Promise<WatchedPage> {
  browser = await startChromium(film);
  const watched = await openPage(browser, LANDSCAPE);
  const { page } = watched;
  await page.clock.setFixedTime(TEST_NOW);
  await page.goto(`${origin}/console/login`);
  await page.fill('input[name=loginName]', 'attendant');
  await page.fill('input[name=password]', DEMO_PASSWORD);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
  await page.goto(`${origin}/console/seniors?search=${encodeURIComponent(name)}`);
  await page.getByRole('link', { name, exact: true }).first().click();
  await page.locator('.tabs').getByRole('link', { name: '同意与人脸' }).click();
  await page.locator('[data-purpose=face-point]').getByRole('button', { name: '记录同意' }).click();
  await page.locator('dialog[open]').getByRole('checkbox').check();
  await page.locator('dialog[open]').getByRole('button', { name: '记录同意' }).click();
  await page.getByRole('link', { name: '采集人脸' }).click();
  return watched;
}

const kioskDevice = async (): Promise<TestDevice> => {
  const device = new TestDevice(test);
  const { code } = (await (await fetch(`${origin}/api/v1/demo/kiosk-code`, { method: 'POST' })).json()) as { code: string };
  expect((await device.enrol(code)).status).toBe(201);
  return device;
};

it('takes three frames from a camera and gives the kiosk a template near other pictures of that person and far from others', async () => {
  const { page, errors } = await atTheCamera('陈国华', visitFilm('b'));
  await page.locator('[data-state=ready]').waitFor({ timeout: 150_000 });
  const save = page.getByRole('button', { name: '保存人脸' });
  const colleague = { name: page.locator('[name=colleagueName]'), password: page.locator('[name=colleaguePassword]') };
  expect(await save.isDisabled()).toBe(true); // one person alone
  await colleague.name.fill('street');
  await colleague.password.fill('not-the-password');
  await save.click();
  await page.getByRole('alert').getByText('人脸没有保存').waitFor();
  expect([await colleague.name.inputValue(), await colleague.password.inputValue()]).toEqual(['street', '']);
  expect(await page.locator('.frames .taken').count()).toBe(3); // the pictures were good and are not taken again
  await colleague.password.fill(DEMO_PASSWORD);
  await save.click();
  await page.locator('[data-purpose=face-point]').getByText('已采集').waitFor({ timeout: 20_000 });
  const { put, settings } = await (await kioskDevice()).gallery();
  const bytes = Buffer.from(put.find((one) => one.maskedName === '陈先生')?.descriptor ?? '', 'base64');
  const template = normalise(Float32Array.from({ length: 128 }, (_, index) => bytes.readFloatLE(index * 4)));
  const nearness = async (person: string): Promise<number[]> => {
    const { frames } = await captureFace(page.context().browser() as Browser, origin, enrolmentPictures(person));
    return frames.map(({ descriptor }) => {
      const raw = Buffer.from(descriptor, 'base64');
      return cosine(template, normalise(Float32Array.from({ length: 128 }, (_, index) => raw.readFloatLE(index * 4))));
    });
  };
  for (const own of await nearness('b')) expect(own).toBeGreaterThan(settings.minSimilarity);
  for (const strange of await nearness('e')) expect(strange).toBeLessThan(settings.minSimilarity);
  expect(errors).toEqual([]);
}, 300_000);

it('takes nothing from an empty room and cannot be saved', async () => {
  const { page } = await atTheCamera('周德福', emptyFilm());
  await page.getByText('请看镜头').waitFor({ timeout: 60_000 });
  expect(await page.getByRole('button', { name: '保存人脸' }).isDisabled()).toBe(true);
  expect(await page.locator('.frames .taken').count()).toBe(0);
}, 240_000);
