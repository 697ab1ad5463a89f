import { Injectable } from '@nestjs/common';

export interface OutgoingNotice {
  readonly noticeId: string;
  readonly kind: string;
  readonly recipientKind: string;
  readonly recipientId: string;
  readonly text: string;
}

/** A way to reach people. A channel may be handed the same notice again after a crash; it drops repeats by noticeId. */
export abstract class NoticeChannel {
  abstract readonly name: string;
  /** Resolves when the channel has taken the notice. @throws to be tried again */
  abstract deliver(notice: OutgoingNotice): Promise<void>;
}

/** Records that the notice went out and sends nothing: what can be shown and tested without a contract with a carrier. */
@Injectable()
export class SandboxChannel extends NoticeChannel {
  readonly name = 'sandbox';

  deliver(_notice: OutgoingNotice): Promise<void> {
    return Promise.resolve();
  }
}
