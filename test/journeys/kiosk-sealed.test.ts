import type { Browser } from 'playwright-core';
import { CONSENT_NOTICE_VERSION } from '../../src/contract/seniors.js';
import { enrolledBeside } from '../fixtures/colleague.js';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { accessibilityFaults } from '../browser/fixture/axe.js';
import { enrolmentPictures, visitFilm } from '../browser/fixture/camera-film.js';
import { openPage, startChromium } from '../browser/fixture/chromium.js';
import { captureFace } from '../browser/fixture/face-probe.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

jest.setTimeout(300_000);

let test: TestApp;
let street: LunchTime;
let origin: string;
let officer: SignedIn;
let browser: Browser;
let senior: TestSenior;
const kiosks: KioskPage[] = [];
const errors: string[] = [];

/** A kiosk of the first point in a browser of its own. */
async function kioskAt(): Promise<KioskPage> {
  const answer = await officer.post('/devices/codes', { pointId: street.pointIds[0], name: `机${kiosks.length + 1}` });
  const watched = await openPage(browser);
  watched.page.on('pageerror', (error) => errors.push(error.message));
  const kiosk = new KioskPage(watched.page);
  await kiosk.enrol(origin, (answer.body as { code: string }).code);
  kiosks.push(kiosk);
  return kiosk;
}

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  origin = await listen(test);
  officer = await signIn(test, 'street', 'street', street.streetId);
  browser = await startChromium(visitFilm('a'));
  const capture = await captureFace(browser, origin, enrolmentPictures('a'));
  await officer.post(`/gallery-keys/points/${street.pointIds[0]}/sealing`, {}).expect(200);
  const first = await kioskAt();
  await first.until('welcome', 'not-recognised');
  for (let tries = 0; tries < 60 && (await test.dataSource.query('SELECT id FROM gallery_key')).length === 0; tries += 1) await first.page.waitForTimeout(500);
  senior = await insertSenior(test, street, { birthDate: '1944-01-01', name: '陈建国' });
  await officer.post(`/seniors/${senior.seniorId}/consents`, {
    purpose: 'face-point', givenBy: 'self', guardianName: null, guardianProof: null, noticeVersion: CONSENT_NOTICE_VERSION, readAloud: true,
  }).expect(201);
  await enrolledBeside(test, officer, senior.seniorId, capture);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});
afterEach(() => expect(errors.splice(0)).toEqual([]));

it('knows by the face somebody whose template the server cannot open', async () => {
  const rows = await test.dataSource.query('SELECT template_cipher AS cipher, sealed_key_id IS NOT NULL AS sealed FROM face_template');
  expect(rows).toEqual([{ cipher: null, sealed: 1 }]);
  await kiosks[0].page.goto(`${origin}/kiosk/`);
  await kiosks[0].until('is-it-you');
  expect(await kiosks[0].text()).toContain('您是陈先生吗');
});

it('lets a new kiosk know nobody until an attendant has compared its number at the old one', async () => {
  const fresh = await kioskAt();
  await fresh.until('welcome', 'not-recognised');
  await fresh.page.goto(`${origin}/kiosk/`);
  const number = (await fresh.page.locator('[data-key-number]').innerText({ timeout: 60_000 })).replaceAll(' ', '');
  expect(number).toMatch(/^\d{12}$/);
  const { deviceId } = (await test.dataSource.query<{ deviceId: string }[]>("SELECT id AS deviceId FROM device WHERE name = '机2'"))[0];
  await officer.post(`/gallery-keys/devices/${deviceId}/approval`, {}).expect(200);

  const [old] = kiosks;
  // The camera of the old kiosk is covered, so that it stays on its first screen.
  await old.page.addInitScript('navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error("covered"))');
  await old.page.goto(`${origin}/kiosk/`);
  await old.until('welcome');
  await old.press('工作人员：交接人脸钥匙');
  await old.until('hand-over');
  expect(await accessibilityFaults(old.page)).toEqual([]);
  await old.type('000000000000');
  await old.page.getByText('没有交接').waitFor({ timeout: 30_000 });
  await old.type(number);
  await old.until('welcome');

  await fresh.page.goto(`${origin}/kiosk/`);
  await fresh.until('is-it-you');
  expect(await fresh.text()).toContain('您是陈先生吗');
});
