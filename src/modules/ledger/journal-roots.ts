import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { addDays, businessDayOf, instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';

/** The link that ends a day: its hash vouches for every transfer sealed until then, so printing it outside fixes them. */
@Injectable()
export class JournalRoots implements OnModuleInit {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock, private readonly upkeep: Upkeep) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'journal-roots', run: () => this.closeDays() });
  }

  /** Writes the root of every past day that has seals and no root yet. @returns days closed */
  async closeDays(): Promise<number> {
    const [last] = await this.dataSource.query<{ day: BusinessDay | null }[]>('SELECT MAX(business_day) AS day FROM journal_root');
    const [first] = await this.dataSource.query<{ at: Date | null }[]>('SELECT MIN(sealed_at) AS at FROM journal_seal');
    if (!first?.at) return 0;
    let closed = 0;
    let day = last?.day ? addDays(last.day, 1) : businessDayOf(first.at);
    for (; day < this.clock.today(); day = addDays(day, 1)) {
      const [link] = await this.dataSource.query<{ seq: number; hash: string }[]>(
        'SELECT seq, hash FROM journal_seal WHERE sealed_at < ? ORDER BY seq DESC LIMIT 1', [instantOf(addDays(day, 1), 0)],
      );
      if (link === undefined) continue;
      await this.dataSource.query(
        'INSERT IGNORE INTO journal_root (business_day, last_seq, root_hash, created_at) VALUES (?, ?, ?, ?)',
        [day, link.seq, link.hash, this.clock.now()],
      );
      closed += 1;
    }
    return closed;
  }
}
