import { Injectable } from '@nestjs/common';
import { hash } from '@node-rs/argon2';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { addDays, type BusinessDay, instantOf } from '../../domain/kernel/business-day.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import type { Fen } from '../../domain/kernel/money.js';
import { SeededRandom } from '../../domain/kernel/seeded-random.js';
import type { SubsidyPolicy } from '../../domain/subsidy/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { demoStreetPolicy, PolicyBook } from '../subsidy/index.js';
import type { SetCode } from './days/lunch-crowd.js';
import { IdMint } from './id-mint.js';
import { dayMenu } from './menu/day-menu.js';
import { DEMO_FACE_PEOPLE } from './people/demo-faces.js';
import type { DemoSenior } from './people/demo-senior.js';
import { PeopleInventor } from './people/invent-people.js';
import { DEMO_PASSWORD } from './staff-roster.js';
import { buildStreet, type DemoStreet } from './street/places.js';
import { BulkWriter } from './store/bulk-writer.js';
import { PastDays } from './store/past-days.js';
import { PastLedger } from './store/past-ledger.js';
import { PastMeals } from './store/past-meals.js';
import { writeMenus } from './store/write-menus.js';
import { writeSenior, writeStandingPlan } from './store/write-people.js';
import { type DemoCrewIds, writeCrews, writeStaff } from './store/write-staff.js';
import { writeStreet } from './store/write-street.js';
import { writeToday } from './store/write-today.js';

export interface SeedRequest {
  seed: string;
  seniors: number;
  /** Days before today that have a past. */
  pastDays: number;
  /** Told of each step, for the terminal. */
  onStep?: (line: string) => void;
}

export interface SeedResult {
  seniors: number;
  meals: number;
  transfers: number;
  rows: number;
}

const MENU_DAYS_AHEAD = 14;
const FACE_WALLET_FEN = 20_000;
const FLUSH_DAYS = 4;
const PEOPLE_PER_FLUSH = 2_000;

/** The plain data of a demo street, before anything is sealed or stored: the same seed and day give the same people. */
export function inventDemoStreet(seed: string, seniors: number, today: BusinessDay): { street: DemoStreet; people: DemoSenior[]; mint: IdMint } {
  const random = new SeededRandom(seed);
  const mint = new IdMint(random.fork('ids'), instantOf(addDays(today, -365), 0).getTime());
  const street = buildStreet(random.fork('street'), mint, today);
  const people = new PeopleInventor(random.fork('people'), mint, street, today).invent(seniors);
  return { street, people, mint };
}

/** Fills an empty database with the demo street, in one transaction: either all of it is there, or nothing. */
@Injectable()
export class SeedDemoStreet {
  constructor(
    private readonly dataSource: DataSource, private readonly keyring: Keyring,
    private readonly policies: PolicyBook, private readonly clock: Clock,
  ) {}

  /** True while no street exists. */
  async isEmpty(): Promise<boolean> {
    const [row] = await this.dataSource.query<{ streets: number }[]>('SELECT COUNT(*) AS streets FROM street');
    return Number(row?.streets ?? 0) === 0;
  }

  /** @throws InvariantError when the database already holds a street */
  async execute(request: SeedRequest): Promise<SeedResult> {
    if (!(await this.isEmpty())) throw new InvariantError('the demo street is laid in an empty database only');
    const runner = this.dataSource.createQueryRunner();
    await runner.connect();
    try {
      // Within one connection: parents are written in the same transaction, and every key is made here once.
      await runner.query('SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0');
      await runner.startTransaction('READ COMMITTED');
      const result = await this.seed(runner.manager, request);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.query('SET SESSION foreign_key_checks = 1, SESSION unique_checks = 1');
      await runner.release();
    }
  }

  private async seed(tx: EntityManager, { seed, seniors, pastDays, onStep = () => undefined }: SeedRequest): Promise<SeedResult> {
    const now = this.clock.now();
    const today = this.clock.today();
    const firstDay = addDays(today, -pastDays);
    const { street, people, mint } = inventDemoStreet(seed, seniors, today);
    const writer = new BulkWriter(tx);
    writeStreet(writer, street, mint.next(), now);
    const crews = writeCrews(writer, mint, street);
    const deciders = writeStaff(writer, mint, street, people, crews, await hash(DEMO_PASSWORD), now);
    onStep(`street laid: ${street.points.length} points, ${street.roads.nodes.length} road nodes`);
    const planIds = new Map<number, string>();
    for (const [index, senior] of people.entries()) {
      writeSenior(writer, this.keyring, street, senior, deciders, today);
      const planId = writeStandingPlan(writer, mint, senior, today);
      if (planId !== null) planIds.set(index, planId);
      if (index % PEOPLE_PER_FLUSH === PEOPLE_PER_FLUSH - 1) await writer.flush();
    }
    const menus = writeMenus(writer, mint, street.kitchen.id, firstDay, addDays(today, MENU_DAYS_AHEAD));
    await writer.flush();
    onStep(`${people.length} people moved in`);
    const policy = await this.storePolicy(tx, street.streetId, firstDay);
    const ledger = new PastLedger(writer, mint);
    const meals = new PastMeals(writer, ledger, street, people, policy, seed);
    await this.writePast({ writer, meals, street, people, planIds, crews, seed, menus, firstDay, today, onStep, mint });
    const todayIds = menus.get(today);
    if (todayIds !== undefined) writeToday(writer, mint, street, people, today, todayIds, now);
    ledger.writeAccounts();
    await writer.flush();
    await tx.query('INSERT INTO installation_fact (name, value) VALUES (?, ?)', ['demo-street', JSON.stringify({ seed, seniors, today })]);
    return { seniors: people.length, meals: meals.meals, transfers: ledger.transfers, rows: writer.rowsWritten };
  }

  private async writePast(past: {
    writer: BulkWriter; meals: PastMeals; street: DemoStreet; people: readonly DemoSenior[]; planIds: ReadonlyMap<number, string>;
    crews: DemoCrewIds; seed: string; menus: ReadonlyMap<BusinessDay, Readonly<Record<SetCode, string>>>; firstDay: BusinessDay;
    today: BusinessDay; onStep: (line: string) => void; mint: IdMint;
  }): Promise<void> {
    const { writer, meals, street, people, menus, firstDay, today } = past;
    const days = new PastDays(writer, meals, street, people, past.planIds, past.crews.crews, past.seed);
    DEMO_FACE_PEOPLE.slice(0, people.length).forEach((_, index) => {
      const senior = people[index];
      const point = senior === undefined ? undefined : street.points[senior.pointIndex];
      if (senior && point) meals.topUp(past.mint, firstDay, point.id, senior.id, FACE_WALLET_FEN, instantOf(firstDay, 560));
    });
    let count = 0;
    for (let day = firstDay; day < today; day = addDays(day, 1)) {
      const ids = menus.get(day);
      if (ids === undefined) continue;
      days.writeDay({ day, ids, grossFen: pricesOf(day) });
      count += 1;
      if (count % FLUSH_DAYS === 0) await writer.flush();
      if (count % 20 === 0) past.onStep(`${count} days of lunches, ${meals.meals} meals`);
    }
  }

  private async storePolicy(tx: EntityManager, streetId: string, firstDay: BusinessDay): Promise<SubsidyPolicy> {
    const period = { effectiveFrom: addDays(firstDay, -30), effectiveTo: null };
    const id = await this.policies.store(tx, streetId, demoStreetPolicy(), period, true);
    const policy = await this.policies.version(tx, id);
    if (policy === null) throw new InvariantError('the demo policy was not stored');
    return policy;
  }
}

function pricesOf(day: BusinessDay): Readonly<Record<SetCode, Fen>> {
  const [a, b, c] = dayMenu(day);
  if (a === undefined || b === undefined || c === undefined) throw new InvariantError(`no lunch on ${day}`);
  return { A: a.grossFen, B: b.grossFen, C: c.grossFen };
}
