import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../clock/clock.js';
import { affectedRows } from '../database/columns.js';
import { newId } from '../ids.js';
import { QUEUE_OF_MESSAGE } from './queue-names.js';

export interface OutboxMessage {
  /** Past tense, `<aggregate>.<happened>`; must be listed in QUEUE_OF_MESSAGE. */
  readonly type: string;
  /** Ids and codes only; job data is clear text in Redis. */
  readonly payload: Readonly<Record<string, string | number | boolean | null>>;
  /** Not before this instant; null or absent: at once. */
  readonly runAt?: Date | null;
}

/** Messages written in the transaction that causes them; the relay hands them to BullMQ after commit. */
@Injectable()
export class Outbox {
  constructor(private readonly clock: Clock) {}

  /** @returns the message id, which is also the BullMQ job id and the inbox key. */
  async add(tx: EntityManager, message: OutboxMessage): Promise<string> {
    if (QUEUE_OF_MESSAGE[message.type] === undefined) throw new InvariantError(`no queue for ${message.type}`);
    const id = newId();
    await tx.query(
      'INSERT INTO outbox_message (id, type, payload, run_at, created_at) VALUES (?, ?, ?, ?, ?)',
      [id, message.type, JSON.stringify(message.payload), message.runAt ?? null, this.clock.now()],
    );
    return id;
  }
}

/** Remembers which message a consumer has dealt with, in the transaction of the effect. */
@Injectable()
export class Inbox {
  constructor(private readonly clock: Clock) {}

  /** @returns true the first time; false when the effect is already in the database and must not happen again. */
  async once(tx: EntityManager, consumer: string, messageId: string): Promise<boolean> {
    const result: unknown = await tx.query(
      'INSERT IGNORE INTO inbox_message (consumer, message_id, at) VALUES (?, ?, ?)',
      [consumer, messageId, this.clock.now()],
    );
    if (affectedRows(result) !== 1) return false;
    await tx.query('UPDATE outbox_message SET done_at = ? WHERE id = ?', [this.clock.now(), messageId]);
    return true;
  }
}
