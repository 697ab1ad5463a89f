import { cardCheckDigit } from '../../src/domain/persons/index.js';
import { newId } from '../../src/infra/ids.js';
import { ChannelOrders } from '../../src/modules/wallets/channels/channel-orders.js';
import { SeniorCardBanks } from '../../src/modules/wallets/channels/senior-card-bank.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let desk: SignedIn;
beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
});
afterAll(() => test.close());

const bankCard = (digits: string): string => `621099${digits}${cardCheckDigit(`621099${digits}`)}`;
const send = (who: SignedIn, path: string, body: object = {}, key: string = newId()) => who.post(path, body).set('Idempotency-Key', key);

describe('the bank’s card whose answer is lost', () => {
  it('is asked about by its number: charged money enters once, an order that was never charged is closed', async () => {
    const [charged, never] = [await insertSenior(test, street, { balanceFen: 0 }), await insertSenior(test, street, { balanceFen: 0 })];
    const cards = [bankCard('123456782'), bankCard('123456783')] as const;
    await desk.post(`/wallets/${charged.seniorId}/senior-card`, { cardNo: cards[0] }).expect(200);
    await desk.post(`/wallets/${never.seniorId}/senior-card`, { cardNo: cards[1] }).expect(200);
    const { bank } = test.app.get(SeniorCardBanks, { strict: false });
    if (bank === null) throw new Error('no stand-in for the bank');
    const charge = bank.charge.bind(bank);
    const key = newId();
    const take = (senior: TestSenior, cardNo: string, by = newId()) => send(desk, '/desk/senior-card-top-ups', { seniorId: senior.seniorId, amountFen: 5_000, cardNo }, by);
    bank.charge = async (asked) => { await charge(asked); throw new Error('the line went dead after the bank had paid'); };
    expect((await take(charged, cards[0], key)).body).toMatchObject({ code: 'CHANNEL.UNKNOWN' });
    bank.charge = () => Promise.reject(new Error('the line was dead before'));
    expect((await take(never, cards[1])).status).toBe(503);
    bank.charge = charge;
    expect(await walletFen(test.dataSource, charged.seniorId)).toBe(0);
    test.clock.moveTo(new Date(test.clock.now().getTime() + 31 * 60_000));
    const orders = test.app.get(ChannelOrders, { strict: false });
    await orders.askSilent();
    await orders.askSilent();
    expect(await walletFen(test.dataSource, charged.seniorId)).toBe(5_000);
    expect((await take(charged, cards[0], key)).body).toMatchObject({ state: 'paid', balanceFen: 5_000 });
    const states = await test.dataSource.query<{ state: string }[]>('SELECT state FROM channel_order WHERE senior_id IN (?) ORDER BY state', [[charged.seniorId, never.seniorId]]);
    expect(states.map(({ state }) => state)).toEqual(['closed', 'paid']);
  });
});
