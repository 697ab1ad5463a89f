import type { Browser } from 'playwright-core';
import { CONSENT_NOTICE_VERSION } from '../../src/contract/seniors.js';
import type { CaptureFrames } from '../../src/contract/faces.js';
import type { SubsidyReportAnswer } from '../../src/contract/finance.js';
import { enrolledBeside } from '../fixtures/colleague.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { readSheet } from '../fixtures/read-sheet.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { enrolmentPictures, visitFilm } from './fixture/camera-film.js';
import { letTimePass, openPage, startChromium, type WatchedPage } from './fixture/chromium.js';
import { captureFace } from './fixture/face-probe.js';
import { KioskPage, listen } from './fixture/kiosk-page.js';

// Browser, face networks and servers share two cores with whatever else runs.
jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let origin: string;
let staffOfStreet: SignedIn;
let attendant: SignedIn;
/** The camera shows person a. */
let browser: Browser;
let captureOfA: { modelId: string; frames: CaptureFrames };
/** One kiosk of the first point for all tests; each begins with a fresh page. */
let watched: WatchedPage;
let kiosk: KioskPage;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  origin = await listen(test);
  staffOfStreet = await signIn(test, 'street', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  browser = await startChromium(visitFilm('a'));
  captureOfA = await captureFace(browser, origin, enrolmentPictures('a'));
  watched = await openPage(browser);
  kiosk = new KioskPage(watched.page);
  await kiosk.enrol(origin, await newCode());
  await kiosk.until('welcome', 'not-recognised');
}, 180_000);

afterAll(async () => {
  await browser.close();
  await test.close();
});

afterEach(() => {
  expect(watched.errors.splice(0)).toEqual([]);
});

async function newCode(pointId: string = street.pointIds[0]): Promise<string> {
  const answer = await staffOfStreet.post('/devices/codes', { pointId, name: '门口机' });
  expect(answer.status).toBe(201);
  return (answer.body as { code: string }).code;
}

/** A fresh page of the enrolled kiosk, which fetches what its gallery has to know first. */
async function reopen(): Promise<void> {
  await kiosk.page.goto(`${origin}/kiosk/`);
}

async function giveConsent(senior: TestSenior): Promise<number> {
  const answer = await attendant.post(`/seniors/${senior.seniorId}/consents`, {
    purpose: 'face-point', givenBy: 'self', guardianName: null, guardianProof: null, noticeVersion: CONSENT_NOTICE_VERSION, readAloud: true,
  });
  return answer.status;
}

async function withdraw(senior: TestSenior): Promise<void> {
  await attendant.post(`/seniors/${senior.seniorId}/consents/withdrawal`, { purpose: 'face-point' });
}

async function mealsOf(senior: TestSenior): Promise<{ due_fen: number; identified_by: string }[]> {
  return test.dataSource.query('SELECT due_fen, identified_by FROM meal WHERE senior_id = ?', [senior.seniorId]);
}

/** Changes of the point's gallery that its kiosk has not confirmed. */
async function galleryBehind(): Promise<number> {
  const [row] = await test.dataSource.query<{ behind: string }[]>(
    `SELECT (SELECT MAX(seq) FROM gallery_change WHERE point_id = d.point_id) - r.applied_seq AS behind
     FROM gallery_receipt r JOIN device d ON d.id = r.device_id ORDER BY d.enrolled_at, d.id LIMIT 1`);
  return Number(row?.behind);
}

/** Ledger, report and workbook of street finance show the one meal of 20 yuan: 14 from the diner, 6 from the payers. */
async function financeSeesTheMeal(): Promise<void> {
  const [payers] = await test.dataSource.query<{ fen: string }[]>("SELECT -SUM(e.amount_fen) AS fen FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = 'payer'");
  expect(Number(payers?.fen)).toBe(600);
  const finance = await signIn(test, 'finance', 'street', street.streetId);
  const query = `from=${street.day}&to=${street.day}&groupBy=day`;
  const report = (await finance.get(`/finance/subsidy?${query}`).expect(200)).body as SubsidyReportAnswer;
  expect(report.totals).toMatchObject({ meals: 1, grossFen: 2_000, dueFen: 1_400, subsidyFen: 600 });
  const { rows } = await readSheet(finance, `/finance/subsidy.xlsx?${query}`);
  const header = rows.find((row) => row.includes('补贴(元)')) ?? [];
  const total = rows.find((row) => row[0] === '合计') ?? [];
  expect(['原价(元)', '个人付(元)', '补贴(元)'].map((title) => Number(total[header.indexOf(title)]))).toEqual([20, 14, 6]);
}

const mealCount = async (): Promise<number> => Number((await test.dataSource.query<{ n: string }[]>('SELECT COUNT(*) AS n FROM meal'))[0]?.n);

describe('with the face of an enrolled senior before the camera', () => {
  let senior: TestSenior;

  beforeEach(async () => {
    senior = await insertSenior(test, street, { birthDate: '1944-01-01', name: '陈建国' });
    expect(await giveConsent(senior)).toBe(201);
    await enrolledBeside(test, attendant, senior.seniorId, captureOfA);
  });

  afterEach(() => withdraw(senior));

  it('looks, confirms, pays the right fen, and shows the number', async () => {
    await reopen();
    await kiosk.until('is-it-you');
    expect(await kiosk.text()).toContain('您是陈先生吗');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    expect(await kiosk.page.locator('[data-due]').innerText()).toBe('14');
    await kiosk.press('确定');
    await kiosk.until('done');
    expect(await kiosk.text()).toContain('已付 14 元');
    expect(await kiosk.text()).not.toContain('余额 86');
    await kiosk.press('看余额');
    expect(await kiosk.text()).toContain('余额 86 元');
    expect(await mealsOf(senior)).toEqual([expect.objectContaining({ due_fen: 1400, identified_by: 'face' })]);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
    await financeSeesTheMeal();
  });

  it('charges a trembling hand once', async () => {
    await reopen();
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    const sent: string[] = [];
    kiosk.page.on('request', (request) => {
      if (request.url().endsWith('/kiosk/payments')) sent.push(request.headers()['idempotency-key'] ?? '');
    });
    await letTimePass(kiosk.page, 850);
    await kiosk.page.getByRole('button', { name: '确定' }).evaluate((button: { click(): void }) => {
      button.click();
      button.click();
      button.click();
    });
    await kiosk.until('done');
    expect(new Set(sent).size).toBe(1);
    expect(await mealsOf(senior)).toHaveLength(1);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
  });

  it('sends neither picture nor descriptor when paying by face', async () => {
    await reopen();
    const bodies: string[] = [];
    kiosk.page.on('request', (request) => bodies.push(request.postData() ?? ''));
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    await kiosk.press('确定');
    await kiosk.until('done');
    const quote = bodies.find((body) => body.includes('"claim"'));
    expect(quote).toBeDefined();
    expect(JSON.parse(quote ?? '{}')).toMatchObject({ claim: { kind: 'face', personCode: senior.personCode } });
    for (const body of bodies) {
      expect(body.length).toBeLessThan(600);
      expect(body).not.toMatch(/descriptor|image|similarity|[A-Za-z0-9+/]{300,}/);
    }
  });

  it('knows the face no more after consent is withdrawn, and still sells by digits at the same price', async () => {
    await reopen();
    await kiosk.until('is-it-you');
    await withdraw(senior);
    await kiosk.press('不是我');
    await kiosk.until('not-recognised');
    await kiosk.page.reload();
    await kiosk.until('not-recognised');
    expect(await galleryBehind()).toBe(0);
    await kiosk.press('手机尾号');
    await kiosk.type(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    expect(await kiosk.page.locator('[data-due]').innerText()).toBe('14');
  });
});

describe('with somebody before the camera who is not enrolled', () => {
  it('charges nobody, and sells to the digits that the person types', async () => {
    const before = await mealCount();
    const neighbour = await insertSenior(test, street, { birthDate: '1950-05-05', name: '李秀英' });
    await reopen();
    await kiosk.until('not-recognised');
    expect(await kiosk.text()).toContain('没有扣钱');
    expect(await mealCount()).toBe(before);
    await kiosk.press('手机尾号');
    await kiosk.type(neighbour.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    await kiosk.press('确定');
    await kiosk.until('done');
    expect(await mealsOf(neighbour)).toEqual([expect.objectContaining({ identified_by: 'digits' })]);
  });

  it('is not enrolled without consent, whatever is sent', async () => {
    const refuser = await insertSenior(test, street, { name: '赵淑珍' });
    const answer = await attendant.post(`/seniors/${refuser.seniorId}/face`, captureOfA);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).toMatchObject({ code: 'FACE.CONSENT_MISSING' });
    await reopen();
    await kiosk.until('not-recognised');
  });

  it('is known by face here with a roaming consent of another point, by one descriptor sent once', async () => {
    const guest = await insertSenior(test, street, { birthDate: '1944-01-01', name: '单秀兰', pointIndex: 1 });
    const home = await signIn(test, 'attendant', 'point', street.pointIds[1]);
    for (const purpose of ['face-point', 'face-roaming']) {
      const consent = { purpose, givenBy: 'self', guardianName: null, guardianProof: null, noticeVersion: CONSENT_NOTICE_VERSION, readAloud: true };
      expect((await home.post(`/seniors/${guest.seniorId}/consents`, consent)).status).toBe(201);
    }
    await enrolledBeside(test, home, guest.seniorId, captureOfA);
    await reopen();
    await kiosk.until('not-recognised');
    const carrying: string[] = [];
    kiosk.page.on('request', (request) => { if ((request.postData() ?? '').includes('descriptor')) carrying.push(new URL(request.url()).pathname); });
    await kiosk.press('手机尾号');
    await kiosk.type(guest.last4);
    await kiosk.press('我在别的点办过刷脸');
    await kiosk.until('is-it-you');
    expect(await kiosk.text()).toContain('单');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    await kiosk.press('确定');
    await kiosk.until('done');
    expect(carrying).toEqual(['/api/v1/kiosk/roaming']);
    expect(await mealsOf(guest)).toEqual([{ due_fen: 1400, identified_by: 'roaming' }]);
  });

  it('is never taken for an enrolled neighbour', async () => {
    const senior = await insertSenior(test, street, { name: '周建华' });
    await giveConsent(senior);
    await enrolledBeside(test, attendant, senior.seniorId, captureOfA);
    const other = await startChromium(visitFilm('d'));
    try {
      const before = await mealCount();
      const { page } = await openPage(other);
      const secondKiosk = new KioskPage(page);
      await secondKiosk.enrol(origin, await newCode());
      await secondKiosk.until('not-recognised');
      expect(await mealCount()).toBe(before);
    } finally {
      await other.close();
      await withdraw(senior);
    }
  });
});

describe('when the answer to a payment is lost', () => {
  it('repeats the same key until it knows, and charges once', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    await reopen();
    await kiosk.until('not-recognised');
    const keys: string[] = [];
    await kiosk.page.route('**/kiosk/payments', async (route) => {
      keys.push(route.request().headers()['idempotency-key'] ?? '');
      if (keys.length > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await kiosk.press('手机尾号');
    await kiosk.type(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    await kiosk.press('确定');
    await kiosk.until('checking');
    expect(await kiosk.page.locator('main').getByRole('button').count()).toBe(0);
    await kiosk.until('done');
    await kiosk.page.unroute('**/kiosk/payments');
    expect(keys.length).toBeGreaterThanOrEqual(2);
    expect(new Set(keys).size).toBe(1);
    expect(await mealsOf(senior)).toHaveLength(1);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
  });

  it('settles it first after a reload, before anybody is asked anything', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    await reopen();
    await kiosk.until('not-recognised');
    let lossy = true;
    let key = '';
    await kiosk.page.route('**/kiosk/payments', async (route) => {
      key = route.request().headers()['idempotency-key'] ?? '';
      if (!lossy) return route.continue();
      await route.fetch();
      return route.abort().catch(() => undefined); // the reload may have ended the request
    });
    await kiosk.press('手机尾号');
    await kiosk.type(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    await kiosk.press('确定');
    await kiosk.until('checking');
    lossy = false;
    const sent: string[] = [];
    kiosk.page.on('request', (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
    kiosk.page.on('framenavigated', () => { sent.length = 0; }); // the page that is leaving may still ask again with its key
    await kiosk.page.reload();
    await kiosk.until('done');
    expect(sent).toContain(`GET /api/v1/kiosk/payments/${key}`);
    expect(await kiosk.text()).toContain('已付 14 元');
    expect(sent).not.toContain('POST /api/v1/kiosk/payments');
    expect(await mealsOf(senior)).toHaveLength(1);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
  });

  it('gives it up after a long power cut, charges nobody, and tells staff', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    await reopen();
    await kiosk.until('not-recognised');
    const sent: string[] = [];
    await kiosk.page.route('**/kiosk/payments', (route) => {
      sent.push(route.request().headers()['idempotency-key'] ?? '');
      return route.abort(); // never reaches the server
    });
    await kiosk.press('手机尾号');
    await kiosk.type(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    await kiosk.press('确定');
    await kiosk.until('checking');
    test.clock.moveTo(new Date(test.clock.now().getTime() + 600_000));
    await kiosk.page.unroute('**/kiosk/payments');
    kiosk.page.on('request', (request) => { if (request.url().endsWith('/kiosk/payments')) sent.push('after'); });
    await kiosk.page.reload();
    await kiosk.until('refused');
    expect(await kiosk.text()).toContain('没有扣钱。刚才那笔付款没有完成，已经告诉工作人员。');
    expect(sent).not.toContain('after');
    expect(await mealsOf(senior)).toEqual([]);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
    expect(await test.dataSource.query("SELECT recipient_id FROM notice WHERE kind = 'payment-dropped'")).toEqual([{ recipient_id: street.pointIds[0] }]);
    await kiosk.page.reload();
    await kiosk.until('not-recognised', 'welcome');
  });
});
