import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { AuditTrail } from '../audit/index.js';
import { JournalRoots, type DaySeal } from '../ledger/index.js';

const FILE = 'day-seals.txt';
/** Long enough for ten years of days in one reading. */
const FIRST_DAY = '2000-01-01' as BusinessDay;
const LAST_DAY = '2999-12-31' as BusinessDay;

/** A line of the copy: what a person could as well copy from the printed sheet. */
export function sealLine({ day, lastSeq, daySeal }: Pick<DaySeal, 'day' | 'lastSeq' | 'daySeal'>): string {
  return `${day} ${lastSeq} ${daySeal}`;
}

/**
 * Keeps the seal of each day in a file outside of the database (SEALS_DIR), only ever adding lines. A database that was
 * rewritten disagrees with it; the disagreement is audited and shown, and the copy is left as it was.
 */
@Injectable()
export class SealCopies implements OnModuleInit {
  private readonly logger = new Logger(SealCopies.name);

  constructor(
    private readonly config: AppConfig, private readonly roots: JournalRoots, private readonly upkeep: Upkeep, private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    if (this.config.sealsDir === null) return;
    this.upkeep.register({ name: 'seal-copies', run: () => this.copyNew() });
  }

  /** Adds the days that the copy does not have. @returns how many */
  async copyNew(): Promise<number> {
    if (this.config.sealsDir === null) return 0;
    const kept = await this.kept();
    const seals = await this.roots.between(FIRST_DAY, LAST_DAY);
    const fresh = seals.filter(({ day }) => !kept.has(day));
    if (fresh.length > 0) await this.append(fresh);
    const differing = differences(seals, kept);
    for (const day of differing) {
      this.logger.error(`the seal of ${day} differs from the copy that was kept outside`);
      await this.audit.record({ actorKind: 'system', actorId: null, action: 'journal.seal-differs', objectKind: 'day', objectId: day, outcome: 'failed' });
    }
    return fresh.length;
  }

  /** Days whose seal the database tells otherwise, or not at all; null where no copy is kept. */
  async differing(): Promise<BusinessDay[] | null> {
    if (this.config.sealsDir === null) return null;
    return differences(await this.roots.between(FIRST_DAY, LAST_DAY), await this.kept());
  }

  private async kept(): Promise<Map<BusinessDay, string>> {
    const text = await readFile(this.path(), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const lines = text.split('\n').filter((line) => /^\d{4}-\d{2}-\d{2} /.test(line));
    return new Map(lines.map((line) => [line.slice(0, 10) as BusinessDay, line]));
  }

  private async append(seals: readonly DaySeal[]): Promise<void> {
    await mkdir(this.config.sealsDir ?? '', { recursive: true });
    const file = await open(this.path(), 'a');
    try {
      await file.appendFile(seals.map((seal) => `${sealLine(seal)}\n`).join(''));
      await file.sync();
    } finally {
      await file.close();
    }
  }

  private path(): string {
    return join(this.config.sealsDir ?? '', FILE);
  }
}

function differences(seals: readonly DaySeal[], kept: ReadonlyMap<BusinessDay, string>): BusinessDay[] {
  const told = new Map(seals.map((seal) => [seal.day, sealLine(seal)]));
  return [...kept].filter(([day, line]) => told.get(day) !== line).map(([day]) => day);
}
