import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { addDays, businessDayOf, instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { accountsHashOf, accountsMoved, daySealOf, type DaySeal } from './day-seal.query.js';

/** Notified of each day that was closed, so that its seal is kept outside of the database. */
export type DaySealListener = (seal: DaySeal) => Promise<void>;

/** The link that ends a day: its hash vouches for every transfer sealed until then, so printing it outside fixes them. */
@Injectable()
export class JournalRoots implements OnModuleInit {
  private readonly listeners: DaySealListener[] = [];

  constructor(private readonly dataSource: DataSource, private readonly clock: Clock, private readonly upkeep: Upkeep) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'journal-roots', run: () => this.closeDays() });
  }

  /** The listener is called after the row is written; it must bear being called again for a day it knows. */
  onClosed(listener: DaySealListener): void {
    this.listeners.push(listener);
  }

  /** Writes the root of every past day that has seals and no root yet. @returns days closed */
  async closeDays(): Promise<number> {
    await this.sealOlderRoots();
    const [last] = await this.dataSource.query<{ day: BusinessDay | null }[]>('SELECT MAX(business_day) AS day FROM journal_root');
    const [first] = await this.dataSource.query<{ at: Date | null }[]>('SELECT sealed_at AS at FROM journal_seal ORDER BY seq LIMIT 1');
    if (!first?.at) return 0;
    let closed = 0;
    let day = last?.day ? addDays(last.day, 1) : businessDayOf(first.at);
    for (; day < this.clock.today(); day = addDays(day, 1)) closed += await this.closeDay(day) ? 1 : 0;
    return closed;
  }

  /** Seals of the days from `from` to `to`, both included, in their order. */
  async between(from: BusinessDay, to: BusinessDay, tx: EntityManager = this.dataSource.manager): Promise<DaySeal[]> {
    const rows = await tx.query<DaySeal[]>(
      `SELECT business_day AS day, last_seq AS lastSeq, root_hash AS rootHash, accounts_hash AS accountsHash, day_seal AS daySeal
       FROM journal_root WHERE business_day BETWEEN ? AND ? AND day_seal IS NOT NULL ORDER BY business_day`,
      [from, to],
    );
    return rows.map((row) => ({ ...row, lastSeq: Number(row.lastSeq) }));
  }

  private async closeDay(day: BusinessDay): Promise<boolean> {
    const [link] = await this.dataSource.query<{ seq: number; hash: string }[]>(
      'SELECT seq, hash FROM journal_seal WHERE sealed_at < ? ORDER BY seq DESC LIMIT 1', [instantOf(addDays(day, 1), 0)],
    );
    if (link === undefined) return false;
    const seal = await this.sealOf(day, Number(link.seq), link.hash);
    await this.dataSource.query(
      'INSERT IGNORE INTO journal_root (business_day, last_seq, root_hash, accounts_hash, day_seal, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      [day, seal.lastSeq, seal.rootHash, seal.accountsHash, seal.daySeal, this.clock.now()],
    );
    await this.tell(seal);
    return true;
  }

  /** Days that were closed before seals named accounts. */
  private async sealOlderRoots(): Promise<void> {
    const older = await this.dataSource.query<{ day: BusinessDay; lastSeq: number; rootHash: string }[]>(
      'SELECT business_day AS day, last_seq AS lastSeq, root_hash AS rootHash FROM journal_root WHERE day_seal IS NULL ORDER BY business_day',
    );
    for (const { day, lastSeq, rootHash } of older) {
      const seal = await this.sealOf(day, Number(lastSeq), rootHash);
      await this.dataSource.query(
        'UPDATE journal_root SET accounts_hash = ?, day_seal = ? WHERE business_day = ? AND day_seal IS NULL', [seal.accountsHash, seal.daySeal, day],
      );
      await this.tell(seal);
    }
  }

  private async sealOf(day: BusinessDay, lastSeq: number, rootHash: string): Promise<DaySeal> {
    const [before] = await this.dataSource.query<{ lastSeq: number }[]>(
      'SELECT last_seq AS lastSeq FROM journal_root WHERE business_day < ? ORDER BY business_day DESC LIMIT 1', [day],
    );
    const accounts = await accountsMoved(this.dataSource.manager, Number(before?.lastSeq ?? 0), lastSeq);
    const seal = { day, lastSeq, rootHash, accountsHash: accountsHashOf(accounts) };
    return { ...seal, daySeal: daySealOf(seal) };
  }

  private async tell(seal: DaySeal): Promise<void> {
    for (const listener of this.listeners) await listener(seal);
  }
}
