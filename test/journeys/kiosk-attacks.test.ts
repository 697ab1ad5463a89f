import type { Browser } from 'playwright-core';
import { CONSENT_NOTICE_VERSION } from '../../src/contract/seniors.js';
import type { CaptureFrames } from '../../src/contract/faces.js';
import { enrolledBeside } from '../fixtures/colleague.js';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { attackFilm, darkFilm, enrolmentPictures, twoPeopleFilm, visitFilm } from '../browser/fixture/camera-film.js';
import { LANDSCAPE, letTimePass, openPage, startChromium } from '../browser/fixture/chromium.js';
import { captureFace } from '../browser/fixture/face-probe.js';
import { showScreen } from '../browser/fixture/kiosk-inside.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

// A browser for each film, with the face networks, on two cores.
jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let origin: string;
let officer: SignedIn;
let attendant: SignedIn;
let senior: TestSenior;
const browsers: Browser[] = [];

async function withFilm(film: string): Promise<KioskPage> {
  const browser = await startChromium(film);
  browsers.push(browser);
  const { page } = await openPage(browser, LANDSCAPE);
  const kiosk = new KioskPage(page);
  const { code } = (await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string };
  const synced = page.waitForResponse((response) => response.url().includes('/kiosk/gallery?') && response.ok());
  await kiosk.enrol(origin, code);
  await synced;
  return kiosk;
}

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  origin = await listen(test);
  officer = await signIn(test, 'street', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  const browser = await startChromium(visitFilm('a'));
  browsers.push(browser);
  const capture: { modelId: string; frames: CaptureFrames } = await captureFace(browser, origin, enrolmentPictures('a'));
  await browser.close();
  senior = await insertSenior(test, street, { birthDate: '1944-01-01', name: '陈建国' });
  await attendant.post(`/seniors/${senior.seniorId}/consents`, {
    purpose: 'face-point', givenBy: 'self', guardianName: null, guardianProof: null, noticeVersion: CONSENT_NOTICE_VERSION, readAloud: true,
  });
  await enrolledBeside(test, attendant, senior.seniorId, capture);
}, 180_000);
afterEach(async () => {
  expect(await test.dataSource.query('SELECT id FROM meal')).toEqual([]);
  for (const browser of browsers.splice(0)) await browser.close().catch(() => undefined);
});
afterAll(() => test.close());

describe('before the camera of a kiosk that knows the face', () => {
  it('two people are asked to come one by one, nobody is named, and another way is offered in the end', async () => {
    const kiosk = await withFilm(twoPeopleFilm('a', 'e'));
    await kiosk.page.getByText('请一位一位来').first().waitFor();
    expect(await kiosk.until('not-recognised', 'is-it-you')).toBe('not-recognised');
    expect(await kiosk.text()).toContain('没有扣钱');
  });

  it('a face against the light is told so, and after two tries another way is offered', async () => {
    const kiosk = await withFilm(darkFilm('a'));
    expect(await kiosk.until('not-recognised', 'is-it-you')).toBe('not-recognised');
    await kiosk.press('手机尾号');
    await kiosk.type(senior.last4);
    await kiosk.until('is-it-you');
  });
});

describe('as it is installed, where everybody is asked to turn the head', () => {
  beforeAll(() => test.dataSource.query("DELETE FROM installation_fact WHERE name = 'face.recognition'"));

  it('whoever leaves the question leaves the first screen to the next one', async () => {
    const kiosk = await withFilm(attackFilm('a', 'photo'));
    await kiosk.until('turn');
    await showScreen(kiosk.page, { name: 'welcome' });
    expect(await kiosk.until('turn', 'not-recognised')).toBe('turn'); // looked for anew, and asked anew
  });

  it.each(['photo', 'cut-out', 'mask'] as const)('a picture of the senior (%s) is never taken for them: the digits are asked for', async (kind) => {
    const kiosk = await withFilm(attackFilm('a', kind));
    if (await kiosk.until('turn', 'not-recognised', 'is-it-you') === 'turn') await letTimePass(kiosk.page, 13_000);
    expect(await kiosk.until('not-recognised', 'is-it-you')).toBe('not-recognised');
    expect(await kiosk.text()).toContain('没有扣钱');
  });

  it('a picture of the senior and the right digits ask for the secret that they have chosen', async () => {
    await attendant.put(`/seniors/${senior.seniorId}/pin`, { pin: '7305' });
    const kiosk = await withFilm(attackFilm('a', 'photo'));
    if (await kiosk.until('turn', 'not-recognised') === 'turn') await letTimePass(kiosk.page, 13_000);
    await kiosk.until('not-recognised');
    await kiosk.press('手机尾号');
    await kiosk.type(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('pin');
  });
});
