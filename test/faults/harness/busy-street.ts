import { randomUUID } from 'node:crypto';
import type { AppConfig } from '../../../src/infra/config/app-config.js';
import { Notices } from '../../../src/modules/notices/index.js';
import { businessDayOf } from '../../../src/domain/kernel/business-day.js';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior } from '../../fixtures/lunch-time.js';
import { startApp, type TestApp } from '../../fixtures/start-app.js';
import { RealKiosk, type Outcome } from './real-kiosk.js';

/** A payment that the server has answered with "paid". */
export interface Acknowledged { readonly key: string; readonly mealId: string; readonly senior: TestSenior }

/** A street whose first point serves lunch at any hour, and people with cards and money who want it. */
export class BusyStreet {
  private constructor(readonly test: TestApp, readonly lunch: LunchTime, readonly seniors: TestSenior[]) {}

  /** Lays it out in a fresh database of the server that TEST_DATABASE_URL names; the clock of the set-up stands at now. */
  static async layOut(options: { seniors: number; portions?: number; at?: Date }): Promise<BusyStreet> {
    const test = await startApp({ now: options.at ?? new Date() });
    const lunch = await insertLunchTime(test, { portions: options.portions ?? 100_000 });
    await test.dataSource.query('UPDATE meal_service SET start_min = 0, end_min = 1440');
    const street = new BusyStreet(test, lunch, []);
    await street.addSeniors(options.seniors);
    return street;
  }

  get config(): AppConfig { return this.test.config; }

  /** Moves menu and portions to the day that the servers' clocks show, so that a file whose tests lie on both sides of midnight still sells. */
  async moveToToday(): Promise<void> {
    const today = businessDayOf(new Date());
    await this.test.dataSource.query('UPDATE set_meal SET business_day = ?', [today]);
    await this.test.dataSource.query('UPDATE portion_stock SET business_day = ?', [today]);
  }

  async addSeniors(count: number): Promise<TestSenior[]> {
    const added: TestSenior[] = [];
    for (let index = 0; index < count; index += 1) added.push(await insertSenior(this.test, this.lunch));
    this.seniors.push(...added);
    return added;
  }

  /** An enrolled kiosk of the first point, at one of the web processes. */
  async kiosk(address: string): Promise<RealKiosk> {
    const kiosk = new RealKiosk(address);
    await kiosk.enrol();
    return kiosk;
  }

  /** One lunch by card, asked for until it is answered. */
  async lunchFor(kiosk: RealKiosk, senior: TestSenior, dueFen: number, key: string = randomUUID()): Promise<Outcome> {
    return kiosk.pay(key, { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: this.lunch.setMealId, expectedDueFen: dueFen });
  }

  /**
   * Serves a queue of people at several kiosks at once, each payment until it is answered.
   * @param onPaid told after each acknowledged payment; a returned promise is not waited for
   */
  async serve(
    kiosks: readonly RealKiosk[], queue: readonly TestSenior[], dueFen: number, onPaid: (paid: number) => void = () => {},
  ): Promise<Acknowledged[]> {
    const waiting = [...queue];
    const paid: Acknowledged[] = [];
    await Promise.all(kiosks.map(async (kiosk) => {
      for (let senior = waiting.shift(); senior !== undefined; senior = waiting.shift()) {
        const key = randomUUID();
        const outcome = await this.lunchFor(kiosk, senior, dueFen, key);
        if (outcome.kind !== 'paid') throw new Error(`refused: ${outcome.code}`);
        paid.push({ key, mealId: outcome.answer.mealId, senior });
        onPaid(paid.length);
      }
    }));
    return paid;
  }

  /** Acknowledged payments that the database does not hold: money shown as paid and lost. */
  async missing(acknowledged: readonly Acknowledged[]): Promise<Acknowledged[]> {
    const rows = await this.test.dataSource.query<{ id: string; senior_id: string }[]>('SELECT id, senior_id FROM meal');
    const held = new Map(rows.map((row) => [row.id, row.senior_id]));
    return acknowledged.filter(({ mealId, senior }) => held.get(mealId) !== senior.seniorId);
  }

  /** Asks for a notice to one of the seniors; a repeat is harmless, since what it is about is said once. */
  async requestNotice(serial: number): Promise<void> {
    const notices = this.test.app.get(Notices, { strict: false });
    const senior = this.seniors[serial % this.seniors.length];
    await this.test.dataSource.transaction((tx) => notices.request(tx, {
      kind: 'wallet-topped-up', recipientKind: 'senior', recipientId: senior.seniorId,
      facts: { amount: '10', balance: '20', time: '11:00' }, dedupKey: `fault-${serial}`,
    }));
  }

  async count(sql: string, values: unknown[] = []): Promise<number> {
    const [row] = await this.test.dataSource.query<{ n: string | number }[]>(sql, values);
    return Number(row?.n);
  }
}
