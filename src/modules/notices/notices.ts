import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NoticeKind, NoticeRecipientKind } from '../../contract/notices.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { Outbox } from '../../infra/queue/outbox.js';
import { NoticeChannel } from './notice-channel.js';
import { noticeText, type NoticeFacts } from './notice-words.js';

export interface NoticeRequest {
  readonly kind: NoticeKind;
  readonly recipientKind: NoticeRecipientKind;
  readonly recipientId: string;
  readonly facts: NoticeFacts;
  /** What the notice is about, said once however often it is asked for: `trip-late-<trip id>`. At most 80 characters. */
  readonly dedupKey: string;
}

/** The one way to tell somebody something. */
@Injectable()
export class Notices {
  constructor(private readonly outbox: Outbox, private readonly channel: NoticeChannel, private readonly clock: Clock) {}

  /**
   * Written in the caller's transaction, sent after commit. Messages to somebody who has died stop with the registration.
   *
   * @returns false when it was already said, or nobody is left to read it
   */
  async request(tx: EntityManager, notice: NoticeRequest): Promise<boolean> {
    if (notice.recipientKind === 'senior' && await isDeceased(tx, notice.recipientId)) return false;
    const id = newId();
    const text = noticeText(notice.kind, notice.facts);
    const inserted: unknown = await tx.query(
      `INSERT IGNORE INTO notice (id, kind, channel, recipient_kind, recipient_id, text, text_en, dedup_key, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, notice.kind, this.channel.name, notice.recipientKind, notice.recipientId, text.zh, text.en, notice.dedupKey, this.clock.now()],
    );
    if (affectedRows(inserted) !== 1) return false;
    await this.outbox.add(tx, { type: 'notice.requested', payload: { noticeId: id } });
    return true;
  }
}

async function isDeceased(tx: EntityManager, seniorId: string): Promise<boolean> {
  const [row] = await tx.query<{ status: string }[]>('SELECT status FROM senior WHERE id = ?', [seniorId]);
  return row?.status === 'deceased';
}
