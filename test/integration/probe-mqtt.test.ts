import { createServer, type AddressInfo, type Server } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';
import type { AddProbeAnswer } from '../../src/contract/food-safety.js';
import { insertSmallStreet } from '../fixtures/small-street.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { eventually, startWorker } from '../fixtures/start-worker.js';

let broker: Aedes;
let server: Server;
let gateway: MqttClient | null = null;
let test: TestApp;
let worker: INestApplicationContext | null = null;
let key: string;

const send = async (message: object | string): Promise<void> => {
  await gateway?.publishAsync('rehufan/probes/fridge-1', typeof message === 'string' ? message : JSON.stringify(message), { qos: 1 });
};
const at = (minutesAgo: number): string => new Date(test.clock.now().getTime() - minutesAgo * 60_000).toISOString();
const stored = async (): Promise<number[]> => (await test.dataSource.query<{ celsius: string }[]>('SELECT celsius FROM probe_reading ORDER BY at')).map(({ celsius }) => Number(celsius));

beforeAll(async () => {
  broker = await Aedes.createBroker();
  server = createServer((socket) => { broker.handle(socket); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  test = await startApp({ env: { PROBES_MQTT_URL: url } });
  const street = await insertSmallStreet(test.dataSource);
  const cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  ({ key } = (await cook.post('/kitchen/safety/probes', { name: '一号冰箱', fromC: 0, toC: 8, toleratedMin: 15 }).expect(201)).body as AddProbeAnswer);
  worker = await startWorker(test.config, test.clock, { relay: false });
  await eventually(async () => await Promise.resolve(broker.connectedClients === 1));
  gateway = await connectAsync(url);
});
afterAll(async () => {
  await gateway?.endAsync();
  await worker?.close();
  await test.close();
  await new Promise<void>((resolve) => { broker.close(resolve); });
  await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
});

it('stores readings that come over MQTT, once, and rings when their curve stays outside', async () => {
  await send({ key, readings: [{ at: at(40), celsius: 4 }, { at: at(30), celsius: 9.5 }] });
  await send({ key, readings: [{ at: at(30), celsius: 9.5 }, { at: at(5), celsius: 10.5 }] });
  await eventually(async () => (await stored()).length === 3);
  expect(await stored()).toEqual([4, 9.5, 10.5]);
  const rung = await test.dataSource.query<{ toWhom: string }[]>("SELECT recipient_kind AS toWhom FROM notice WHERE kind = 'probe-alarm' ORDER BY recipient_kind");
  expect(rung).toEqual([{ toWhom: 'kitchen' }, { toWhom: 'street' }]);
});

it('leaves out what is no message of a probe, and goes on', async () => {
  await send('not json');
  await send({ key: 'x'.repeat(30), readings: [{ at: at(3), celsius: 4 }] });
  await send({ key, readings: [{ at: at(3), celsius: 999 }] });
  await send({ key, readings: [{ at: at(2), celsius: 5 }] });
  await eventually(async () => (await stored()).length === 4);
  expect((await stored()).at(-1)).toBe(5);
});

it('is brought what came while no worker ran', async () => {
  await worker?.close();
  worker = null;
  await send({ key, readings: [{ at: at(1), celsius: 6 }] });
  expect(await stored()).toHaveLength(4);
  worker = await startWorker(test.config, test.clock, { relay: false });
  await eventually(async () => (await stored()).length === 5);
  expect((await stored()).at(-1)).toBe(6);
});

it('tells the broker nothing before the readings are stored: what the database could not take comes again', async () => {
  await test.dataSource.query('RENAME TABLE probe_reading TO probe_reading_away');
  await send({ key, readings: [{ at: at(0), celsius: 7 }] });
  // The worker drops the connection without an answer, and comes back by itself.
  await eventually(async () => await Promise.resolve(broker.connectedClients === 1));
  await test.dataSource.query('RENAME TABLE probe_reading_away TO probe_reading');
  await eventually(async () => (await stored()).length === 6);
  expect((await stored()).at(-1)).toBe(7);
});
