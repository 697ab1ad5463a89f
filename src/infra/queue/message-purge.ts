import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { affectedRows } from '../database/columns.js';
import { Upkeep } from '../upkeep/upkeep.js';

const DAY_MS = 86_400_000;
/** Long enough to see what was sent when somebody asks about last month. */
const KEEP_SENT_DAYS = 45;
/** Longer than any Redis may be brought back from a backup: a job of it must still find that its effect is there. */
const KEEP_EFFECT_DAYS = 400;
const BATCH = 5_000;

/** Forgets messages that took effect long ago. What has not taken effect is never forgotten. */
@Injectable()
export class MessagePurge implements OnModuleInit {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock, private readonly upkeep: Upkeep) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'messages', run: () => this.purge() });
  }

  /** @returns rows forgotten; in batches, so that no transaction holds many rows while messages are written */
  async purge(): Promise<number> {
    return await this.forget('DELETE FROM outbox_message WHERE done_at < ? LIMIT ?', KEEP_SENT_DAYS)
      + await this.forget('DELETE FROM inbox_message WHERE at < ? LIMIT ?', KEEP_EFFECT_DAYS);
  }

  private async forget(sql: string, days: number): Promise<number> {
    const before = new Date(this.clock.now().getTime() - days * DAY_MS);
    let total = 0;
    for (let batch = BATCH; batch === BATCH; total += batch) {
      batch = affectedRows(await this.dataSource.query(sql, [before, BATCH]));
    }
    return total;
  }
}
