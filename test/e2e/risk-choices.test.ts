import { FACE_MODEL_ID, faceModelsAnswer } from '../../src/contract/faces.js';
import { riskBound, type RiskBound } from '../../src/contract/risk-bound.js';
import { newId } from '../../src/infra/ids.js';
import { MealHistory, type PlantedStreet } from '../fixtures/meal-history.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(TEST_NOW.getTime() - days * DAY_MS).toISOString().slice(0, 10);

let test: TestApp;
let history: MealHistory;
let own: PlantedStreet;
let foreign: PlantedStreet;

beforeAll(async () => {
  test = await startApp();
  history = new MealHistory(test);
  [own, foreign] = [await history.street('本街道'), await history.street('外街道')];
  await Promise.all([gallery(own, 0, 3), gallery(foreign, 0, 6), gallery(foreign, 1, 1)]);
  for (const [days, faceRiskPpm] of [[1, 800], [3, 4_000], [40, 4_000]] as const) await eaten(own, days, faceRiskPpm);
  for (const days of [1, 2, 4]) await eaten(foreign, days, 30_000);
});
afterAll(() => test.close());

async function gallery(street: PlantedStreet, point: 0 | 1, people: number): Promise<void> {
  for (let one = 0; one < people; one += 1) {
    await history.insert('face_template', {
      id: newId(), person_code: newId(), point_id: street.pointIds[point], model_id: FACE_MODEL_ID, key_id: 'k', template_cipher: 'x', quality: 1, created_at: TEST_NOW,
    });
  }
}

async function eaten(street: PlantedStreet, days: number, faceRiskPpm: number): Promise<void> {
  const senior = await history.senior(street, '1940-01-01');
  await history.topUp(street, senior, 5_000);
  await history.meal({ street, point: 0, senior, day: daysAgo(days), faceRiskPpm });
}

const counted = async (by: SignedIn): Promise<RiskBound> => riskBound.parse((await by.get('/face-models/risk-bound').expect(200)).body);
const atBound = ({ choices }: RiskBound, maxRiskPpm: number) => choices.find((choice) => choice.maxRiskPpm === maxRiskPpm);

it('an administrator reads what a bound would have cost the own street within four weeks, and nothing of another street', async () => {
  const ours = await counted(await signIn(test, 'administrator', 'street', own.streetId));
  expect(ours).toMatchObject({ points: 1, meals: 2 });
  expect(atBound(ours, 1_000)).toMatchObject({ upToPeople: 2, pointsAbove: 1, mealsAsked: 1 });
  expect(atBound(ours, 5_000)).toMatchObject({ pointsAbove: 0, mealsAsked: 0 });
  expect(ours).toMatchObject({ large: [], upToExpected: 62 });
  const theirs = await counted(await signIn(test, 'administrator', 'street', foreign.streetId));
  expect(theirs).toMatchObject({ points: 2, meals: 3 });
  expect(atBound(theirs, 20_000)).toMatchObject({ pointsAbove: 0, mealsAsked: 3 });
});

it.each(['street', 'attendant'] as const)('whoever may not set the bound (%s) reads the bound alone, and no count', async (role) => {
  const staff = role === 'street' ? await signIn(test, role, 'street', own.streetId) : await signIn(test, role, 'point', own.pointIds[0]);
  await staff.get('/face-models/risk-bound').expect(403);
  const { body } = await staff.get('/face-models').expect(200) as { body: unknown };
  expect(faceModelsAnswer.parse(body)).toMatchObject({ maxRiskPpm: 50_000, people: 3 });
  expect(JSON.stringify(body)).not.toMatch(/choices|meals/);
});
