import request from 'supertest';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ROLES, type Role } from '../../src/contract/access.js';
import { newId } from '../../src/infra/ids.js';
import { describeApi } from '../../src/openapi.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import type { SignedIn } from '../fixtures/signed-in.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { insertWholeStreet, signInEveryRole, type WholeStreet } from '../fixtures/whole-street.js';
import { FOREIGN_BODIES, FOREIGN_TABLE, QUERY_TABLE } from './access-foreign.js';
import { ACCESS_TABLE } from './access-table.js';
import type { Who } from './access-who.js';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
interface Operation { readonly operationId: string; readonly method: Method; readonly path: string; readonly mark: unknown; readonly parameters: readonly string[]; readonly takesPoint: boolean }

/** What a list of a point would tell. */
const THINGS = ['seniorId', 'orderId', 'planId', 'mealId', 'stopId', 'tripId', 'deviceId', 'staffId'];
const METHODS: readonly Method[] = ['get', 'post', 'put', 'patch', 'delete'];
/** The code of the guard for a role that is not named; further refusals (no such thing, wrong body) come behind the door. */
const WRONG_ROLE = 'ACCESS.DENIED';

let test: TestApp;
let own: WholeStreet;
let other: WholeStreet;
let people: Record<Role, SignedIn>;
let operations: Operation[];

function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) => METHODS.flatMap((method) => {
    const operation = item[method] as { operationId?: string; 'x-access'?: unknown; parameters?: { name?: string; in?: string }[] } | undefined;
    if (operation === undefined) return [];
    const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    return [{ operationId: operation.operationId ?? `${method} ${path}`, method, path, mark: operation['x-access'], parameters, takesPoint: operation.parameters?.some((parameter) => parameter.in === 'query' && parameter.name === 'pointId') ?? false }];
  }));
}

const filled = (operation: Operation, idOf: (name: string) => string): string => operation.path.replace(/\{(\w+)\}/g, (_, name: string) => idOf(name));
const send = (operation: Operation, path: string): request.Test => request(test.app.getHttpServer())[operation.method](path).set('Idempotency-Key', newId());
const whoOf = (operation: Operation): Who => {
  const who = ACCESS_TABLE[operation.operationId];
  if (who === undefined) throw new Error(`no row for ${operation.operationId}`);
  return who;
};
/** The query of a list, naming a point where it must (or, with `always`, where it can). */
const queryOf = (operation: Operation, pointId: string, always: boolean): string => {
  const query = (QUERY_TABLE[operation.operationId] ?? '').replace(':pointId', pointId);
  return !always || query.includes('pointId=') ? query : `${query === '' ? '?' : `${query}&`}pointId=${pointId}`;
};
const allIds = (street: WholeStreet): Record<string, string> => ({ ...street.ids, streetId: street.streetId, communityId: street.communityIds[0], setMealId: street.setMealId });
const forStaff = (): Operation[] => operations.filter((operation) => Array.isArray(whoOf(operation)));
/** A fresh session where the call ends it. */
const sessionFor = (operation: Operation, role: Role): Promise<SignedIn> =>
  operation.operationId === 'logOut' ? signIn(test, role, ...own.scopeOf(role)) : Promise.resolve(people[role]);
const describeCall = (operation: Operation, who: string, answer: request.Response): string =>
  `${operation.operationId} as ${who}: ${answer.status} ${(answer.body as { code?: string }).code ?? ''}`.trim();

beforeAll(async () => {
  test = await startApp();
  own = await insertWholeStreet(test, 'A');
  other = await insertWholeStreet(test, 'B');
  people = await signInEveryRole(test, own);
  operations = operationsOf(describeApi(test.app));
});
afterAll(() => test.close());

describe('the access table', () => {
  it('has one row for every operation of the API, and no other', () => {
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(ACCESS_TABLE).sort());
  });

  it('says what each route’s access mark says', () => {
    const differing = operations.filter((operation) => {
      const who = whoOf(operation);
      const mark = Array.isArray(operation.mark) ? [...(operation.mark as string[])].sort().join() : operation.mark;
      return mark !== (typeof who === 'string' ? who : [...who].sort().join());
    });
    expect(differing.map(({ operationId }) => operationId)).toEqual([]);
  });

  it('has one row of a foreign thing for every operation of staff whose path names a thing', () => {
    const naming = forStaff().filter(({ parameters }) => parameters.length > 0);
    expect(Object.keys(FOREIGN_TABLE).sort()).toEqual(naming.map(({ operationId }) => operationId).sort());
  });

  it('notices a route without a row (negative control)', () => {
    const incomplete = Object.keys(ACCESS_TABLE).filter((operationId) => operationId !== 'logIn');
    expect(operations.map(({ operationId }) => operationId).sort()).not.toEqual(incomplete.sort());
  });
});

describe('every operation, asked for real', () => {
  it('is closed to strangers unless it is public', async () => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const answer = await send(operation, filled(operation, () => newId())).send();
      const isPublic = whoOf(operation) === 'public';
      if (isPublic ? [401, 403].includes(answer.status) && operation.operationId !== 'logIn' : answer.status !== 401) wrong.push(describeCall(operation, 'nobody', answer));
    }
    expect(wrong).toEqual([]);
  });

  it.each(ROLES)('opens to %s exactly where the table says so', async (role) => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const who = whoOf(operation);
      if (who === 'public') continue;
      const session = await sessionFor(operation, role);
      const answer = await send(operation, filled(operation, () => newId())).set('Cookie', session.cookie).set('X-CSRF-Token', session.csrf).send();
      const { code } = answer.body as { code?: string };
      if (who === 'device' || who === 'waiting-device') {
        if (answer.status !== 401 || code !== 'DEVICE.NOT_TRUSTED') wrong.push(describeCall(operation, role, answer));
      } else if (who.includes(role)) {
        if (answer.status === 401 || answer.status >= 500 || code === WRONG_ROLE) wrong.push(describeCall(operation, role, answer));
      } else if (answer.status !== 403 || code !== WRONG_ROLE) wrong.push(describeCall(operation, role, answer));
    }
    expect(wrong).toEqual([]);
  });

  it('opens to a device exactly where the table says so', async () => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const who = whoOf(operation);
      if (who === 'public' || (operation.method !== 'get' && operation.method !== 'post')) continue;
      const path = filled(operation, () => newId()).replace('/api/v1', '');
      const answer = operation.method === 'get' ? await own.kiosk.get(path) : await own.kiosk.post(path, {}, { idempotencyKey: newId() });
      const opened = ![401, 403].includes(answer.status) && answer.status < 500;
      if (opened !== (who === 'device' || who === 'waiting-device')) wrong.push(describeCall(operation, 'device', answer));
    }
    expect(wrong).toEqual([]);
  });

  it('opens to a device whose place nobody has confirmed only where the table says so', async () => {
    const waiting = await enrolledKiosk(test, own.pointIds[0]);
    await test.dataSource.query("UPDATE device SET status = 'waiting' WHERE id = ?", [waiting.deviceId]);
    const wrong: string[] = [];
    for (const operation of operations) {
      const who = whoOf(operation);
      if ((who !== 'device' && who !== 'waiting-device') || (operation.method !== 'get' && operation.method !== 'post')) continue;
      const path = filled(operation, () => newId()).replace('/api/v1', '');
      const answer = operation.method === 'get' ? await waiting.get(path) : await waiting.post(path, {}, { idempotencyKey: newId() });
      const refused = answer.status === 403 && (answer.body as { code?: string }).code === 'DEVICE.WAITING';
      if (refused === (who === 'waiting-device')) wrong.push(describeCall(operation, 'a waiting device', answer));
    }
    expect(wrong).toEqual([]);
  });

  it('needs the CSRF token wherever it changes something', async () => {
    const wrong: string[] = [];
    for (const operation of forStaff().filter(({ method }) => method !== 'get')) {
      const role = (whoOf(operation) as readonly Role[])[0] ?? 'administrator';
      const answer = await send(operation, filled(operation, () => newId())).set('Cookie', people[role].cookie).send();
      if (answer.status !== 403 || (answer.body as { code: string }).code !== 'ACCESS.CSRF') wrong.push(describeCall(operation, role, answer));
    }
    expect(wrong).toEqual([]);
  });

  it('answers 404 for a thing of another street, and records the denial', async () => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const foreign = FOREIGN_TABLE[operation.operationId];
      if (foreign === undefined) continue;
      const path = filled(operation, (name) => {
        const id = other.ids[name];
        if (id === undefined) throw new Error(`the whole street has no ${name}: add one to test/fixtures/whole-street.ts`);
        return id;
      });
      const session = people[foreign.as];
      const answer = await send(operation, path).set('Cookie', session.cookie).set('X-CSRF-Token', session.csrf).send(foreign.body);
      const [line] = await test.dataSource.query<{ actor_id: string }[]>(
        "SELECT actor_id FROM audit_line WHERE outcome = 'denied' AND request_id = ?", [answer.headers['x-request-id']],
      );
      if (answer.status !== 404 || line?.actor_id !== session.staffId) wrong.push(`${describeCall(operation, foreign.as, answer)}${line === undefined ? ' without audit line' : ''}`);
    }
    expect(wrong).toEqual([]);
  });

  it('tells in no list of anything in another street, whoever asks', async () => {
    const leaks: string[] = [];
    const foreign = [other.streetId, ...other.communityIds, ...other.pointIds, other.setMealId, ...Object.values(other.ids).filter((value) => value.length === 36)]; // ids only: both streets share their days
    for (const operation of forStaff().filter(({ method, parameters }) => method === 'get' && parameters.length === 0)) {
      for (const role of whoOf(operation) as readonly Role[]) {
        const answer = await send(operation, `${operation.path}${queryOf(operation, own.pointIds[0], false)}`).set('Cookie', people[role].cookie).send();
        if (answer.status === 400) leaks.push(`${describeCall(operation, role, answer)}: give it a query in QUERY_TABLE`);
        const text = JSON.stringify(answer.body);
        if (foreign.some((id) => text.includes(id))) leaks.push(describeCall(operation, role, answer));
      }
    }
    expect(leaks).toEqual([]);
  });

  it('opens no list by naming another street’s point', async () => {
    const leaks: string[] = [];
    for (const operation of forStaff().filter(({ takesPoint }) => takesPoint)) {
      for (const role of whoOf(operation) as readonly Role[]) {
        const answer = await send(operation, `${operation.path}${queryOf(operation, other.pointIds[0], true)}`).set('Cookie', people[role].cookie).send();
        const text = JSON.stringify(answer.body).replaceAll(other.ids['pointId'] ?? '-', '');
        if (THINGS.some((name) => text.includes(other.ids[name] ?? '-'))) leaks.push(describeCall(operation, role, answer));
      }
    }
    expect(leaks).toEqual([]);
  });

  it.each(Object.entries(FOREIGN_BODIES))('%s refuses a thing of another street in its body', async (operationId, { as, body, status }) => {
    const operation = operations.find((candidate) => candidate.operationId === operationId);
    if (operation === undefined) throw new Error(`no operation ${operationId}`);
    const session = people[as];
    const ask = (ids: Readonly<Record<string, string>>): Promise<request.Response> => Promise.resolve(send(operation, filled(operation, (name) => own.ids[name] ?? newId()))
      .set('Cookie', session.cookie).set('X-CSRF-Token', session.csrf).send(body(ids, allIds(own))));
    const refused = await ask(allIds(other));
    expect([refused.status, (refused.body as { code: string }).code, 'refused']).toEqual([status ?? 404, expect.any(String), 'refused']);
    const accepted = await ask(allIds(own));
    expect({ status: accepted.status, body: accepted.body as unknown }).toMatchObject({ status: expect.any(Number) });
    expect([400, 404]).not.toContain(accepted.status); // negative control: the same body with things of the own street goes further
  });

  it('keeps what is personal out of every cache', async () => {
    const cached: string[] = [];
    for (const operation of forStaff().filter(({ method }) => method === 'get')) {
      const role = (whoOf(operation) as readonly Role[])[0] ?? 'administrator';
      const answer = await send(operation, filled(operation, () => newId())).set('Cookie', people[role].cookie).send();
      if (answer.headers['cache-control'] !== 'private, no-store') cached.push(`${operation.operationId}: ${answer.headers['cache-control'] ?? 'none'}`);
    }
    expect(cached).toEqual([]);
  });
});
