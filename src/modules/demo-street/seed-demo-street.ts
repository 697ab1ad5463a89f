import { Injectable } from '@nestjs/common';
import { hash } from '@node-rs/argon2';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { addDays, type BusinessDay, daysBetween, instantOf } from '../../domain/kernel/business-day.js';
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
import { cookDemoBatches } from './store/demo-batches.js';
import { PastDays } from './store/past-days.js';
import { PastLedger } from './store/past-ledger.js';
import { PastMeals } from './store/past-meals.js';
import { writeLife } from './store/write-life.js';
import { DemoPurses } from './store/write-purses.js';
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
  /** In many transactions, whatever the size; a large street is always laid so. */
  inParts?: boolean;
  /** Told of each step and each tenth of the work, for the terminal. */
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
const ROWS_IN_MEMORY = 40_000;
const ROWS_PER_STATEMENT = 1_000;
/** Up to here the street is laid in one transaction, so that an interruption leaves nothing behind. */
const ONE_TRANSACTION_SENIORS = 10_000;
const BEGUN = 'demo-street-begun';
const COMPLETE = 'demo-street';
const DEFAULT_PAST_DAYS = 60;
const LEAST_PAST_DAYS = 7;

/** Days of meals that a demo street has unless another number is asked for: two months, less where they would be very many. */
export function defaultPastDays(seniors: number): number {
  return Math.max(LEAST_PAST_DAYS, Math.min(DEFAULT_PAST_DAYS, Math.floor((DEFAULT_PAST_DAYS * ONE_TRANSACTION_SENIORS) / seniors)));
}

/** What a database holds: no street, one that was being laid when something ended that, or a street. */
export type StreetState = 'empty' | 'unfinished' | 'street';

/** The plain data of a demo street, before anything is sealed or stored: the same seed and day give the same people. */
export function inventDemoStreet(seed: string, seniors: number, today: BusinessDay): { street: DemoStreet; people: DemoSenior[]; mint: IdMint } {
  const random = new SeededRandom(seed);
  const mint = new IdMint(random.fork('ids'), instantOf(addDays(today, -365), 0).getTime());
  const street = buildStreet(random.fork('street'), mint, today);
  const people = new PeopleInventor(random.fork('people'), mint, street, today).invent(seniors);
  return { street, people, mint };
}

/**
 * Fills an empty database with the demo street. A street of ordinary size is laid in one transaction: all of it, or
 * nothing. A large one is laid in many, between a mark that it was begun and one that it is complete; without the
 * second mark it is of no use and can be discarded.
 */
@Injectable()
export class SeedDemoStreet {
  constructor(
    private readonly dataSource: DataSource, private readonly keyring: Keyring,
    private readonly policies: PolicyBook, private readonly clock: Clock,
  ) {}

  async state(): Promise<StreetState> {
    const facts = await this.dataSource.query<{ name: string }[]>('SELECT name FROM installation_fact WHERE name IN (?)', [[BEGUN, COMPLETE]]);
    const names = facts.map(({ name }) => name);
    if (names.includes(BEGUN) && !names.includes(COMPLETE)) return 'unfinished';
    const [row] = await this.dataSource.query<{ streets: number }[]>('SELECT COUNT(*) AS streets FROM street');
    return Number(row?.streets ?? 0) === 0 ? 'empty' : 'street';
  }

  /**
   * Empties a database in which a demo street was begun and not completed; nothing else was ever in it.
   * @throws InvariantError for any other database
   */
  async discardUnfinished(): Promise<void> {
    if (await this.state() !== 'unfinished') throw new InvariantError('only an unfinished demo street is discarded');
    const runner = this.dataSource.createQueryRunner();
    await runner.connect();
    try {
      const tables = await runner.manager.query<{ name: string }[]>(
        "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME <> 'migrations'",
      );
      await runner.query('SET SESSION foreign_key_checks = 0');
      // The marks go last: interrupted here, the street is still known as unfinished.
      const inOrder = tables.map(({ name }) => name).sort((a, b) => Number(a === 'installation_fact') - Number(b === 'installation_fact'));
      for (const name of inOrder) await runner.query(`TRUNCATE TABLE \`${name}\``);
    } finally {
      await runner.query('SET SESSION foreign_key_checks = 1');
      await runner.release();
    }
  }

  /** @throws InvariantError when the database already holds a street */
  async execute(request: SeedRequest): Promise<SeedResult> {
    if (await this.state() !== 'empty') throw new InvariantError('the demo street is laid in an empty database only');
    const inParts = request.inParts ?? request.seniors > ONE_TRANSACTION_SENIORS;
    const runner = this.dataSource.createQueryRunner();
    await runner.connect();
    try {
      // Within one connection: parents are written before the end, and every key is made here once.
      await runner.query('SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0');
      if (inParts) await runner.query('INSERT INTO installation_fact (name, value) VALUES (?, ?)', [BEGUN, JSON.stringify({ seniors: request.seniors })]);
      await runner.startTransaction('READ COMMITTED');
      const endPart = async (): Promise<void> => {
        if (!inParts) return;
        await runner.commitTransaction();
        await runner.startTransaction('READ COMMITTED');
      };
      const result = await this.seed(runner.manager, request, new BulkWriter(runner.manager, ROWS_PER_STATEMENT, endPart));
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

  private async seed(tx: EntityManager, { seed, seniors, pastDays, onStep = () => undefined }: SeedRequest, writer: BulkWriter): Promise<SeedResult> {
    const now = this.clock.now();
    const today = this.clock.today();
    const firstDay = addDays(today, -pastDays);
    const { street, people, mint } = inventDemoStreet(seed, seniors, today);
    writeStreet(writer, street, mint.next(), now);
    const crews = writeCrews(writer, mint, street);
    const deciders = writeStaff(writer, mint, street, people, crews, await hash(DEMO_PASSWORD), now);
    onStep(`street laid: ${street.points.length} points, ${street.roads.nodes.length} road nodes`);
    const planIds = new Map<number, string>();
    const moved = progress('people moved in', people.length, seniors, onStep);
    for (const [index, senior] of people.entries()) {
      writeSenior(writer, this.keyring, street, senior, deciders, today);
      const planId = writeStandingPlan(writer, mint, senior, today);
      if (planId !== null) planIds.set(index, planId);
      await writer.flushOver(ROWS_IN_MEMORY);
      moved(index + 1);
    }
    const menus = writeMenus(writer, mint, street.kitchen.id, firstDay, addDays(today, MENU_DAYS_AHEAD));
    await writer.flush();
    const policy = await this.storePolicy(tx, street.streetId, firstDay);
    const ledger = new PastLedger(writer, mint);
    const meals = new PastMeals(writer, ledger, street, people, policy, seed);
    const purses = new DemoPurses({ writer, ledger, mint, keyring: this.keyring, street, people, staff: deciders });
    await this.writePast({ writer, meals, street, people, planIds, crews, seed, menus, firstDay, today, onStep, mint, purses });
    const todayIds = menus.get(today);
    if (todayIds !== undefined) writeToday(writer, mint, street, people, today, todayIds, now);
    writeLife(writer, mint, people, deciders.street, today);
    ledger.writeAccounts();
    await writer.flush();
    await cookDemoBatches(tx, { day: today, at: now, nextId: () => mint.next() });
    await tx.query('INSERT INTO installation_fact (name, value) VALUES (?, ?)', [COMPLETE, JSON.stringify({ seed, seniors, today })]);
    return { seniors: people.length, meals: meals.meals, transfers: ledger.transfers, rows: writer.rowsWritten };
  }

  private async writePast(past: {
    writer: BulkWriter; meals: PastMeals; street: DemoStreet; people: readonly DemoSenior[]; planIds: ReadonlyMap<number, string>;
    crews: DemoCrewIds; seed: string; menus: ReadonlyMap<BusinessDay, Readonly<Record<SetCode, string>>>; firstDay: BusinessDay;
    today: BusinessDay; onStep: (line: string) => void; mint: IdMint; purses: DemoPurses;
  }): Promise<void> {
    const { writer, meals, street, people, menus, firstDay, today } = past;
    const days = new PastDays(writer, meals, street, people, past.planIds, past.crews.crews, past.seed);
    DEMO_FACE_PEOPLE.slice(0, people.length).forEach((_, index) => {
      const senior = people[index];
      const point = senior === undefined ? undefined : street.points[senior.pointIndex];
      if (senior && point) meals.topUp(past.mint, firstDay, point.id, senior.id, FACE_WALLET_FEN, instantOf(firstDay, 560));
    });
    if (firstDay < today) past.purses.begin(firstDay);
    const eaten = progress('days of lunches', daysBetween(firstDay, today), people.length, past.onStep);
    let count = 0;
    for (let day = firstDay; day < today; day = addDays(day, 1)) {
      const ids = menus.get(day);
      if (ids === undefined) continue;
      await days.writeDay({ day, ids, grossFen: pricesOf(day) });
      count += 1;
      eaten(count, `, ${meals.meals} meals, ${writer.rowsWritten} rows written`);
    }
    if (firstDay < today) past.purses.end(addDays(today, -1));
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

/** Tells how far a work of `total` steps is, in percent: each tenth where that takes minutes, else each third. */
function progress(what: string, total: number, seniors: number, onStep: (line: string) => void): (done: number, more?: string) => void {
  const parts = seniors > ONE_TRANSACTION_SENIORS ? 10 : 3;
  let told = 0;
  return (done, more = '') => {
    const part = Math.floor((done * parts) / Math.max(total, 1));
    if (part === told) return;
    told = part;
    onStep(`${String(Math.floor((done * 100) / Math.max(total, 1))).padStart(3)} %  ${done} of ${total} ${what}${more}`);
  };
}
