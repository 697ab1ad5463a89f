import { Injectable } from '@nestjs/common';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox } from '../../infra/queue/outbox.js';
import { NoticeChannel } from './notice-channel.js';

interface WaitingNotice { id: string; kind: string; recipient_kind: string; recipient_id: string; text: string; sent_at: Date | null }

/** Hands one notice to its channel, then records it; a crash between the two repeats the handing over, never the record. */
@Injectable()
export class SendNotice {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly inbox: Inbox,
    private readonly channel: NoticeChannel,
    private readonly clock: Clock,
  ) {}

  /** @returns false when it had been sent before */
  async execute(message: { messageId: string; noticeId: string }): Promise<boolean> {
    const [notice] = await this.unitOfWork.reader.query<WaitingNotice[]>(
      'SELECT id, kind, recipient_kind, recipient_id, text, sent_at FROM notice WHERE id = ?', [message.noticeId],
    );
    if (notice !== undefined && notice.sent_at === null) {
      await this.channel.deliver({
        noticeId: notice.id, kind: notice.kind, recipientKind: notice.recipient_kind, recipientId: notice.recipient_id, text: notice.text,
      });
    }
    return this.unitOfWork.run(async (tx) => {
      if (!await this.inbox.once(tx, 'notices', message.messageId)) return false;
      await tx.query('UPDATE notice SET sent_at = ? WHERE id = ? AND sent_at IS NULL', [this.clock.now(), message.noticeId]);
      return true;
    });
  }
}
