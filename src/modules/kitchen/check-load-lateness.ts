import { Injectable } from '@nestjs/common';
import { LOAD_PROMISE_MIN } from '../../domain/kitchen/index.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox } from '../../infra/queue/outbox.js';
import { Notices } from '../notices/index.js';

interface LoadRow { state: string; wave: number; pointId: string; point: string; streetId: string }

/** Looks at a load when its promised minutes are over; says once to the street and to the point that it has not been accepted. */
@Injectable()
export class CheckLoadLateness {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly inbox: Inbox, private readonly notices: Notices) {}

  /** @returns whether the load was late */
  async execute(message: { messageId: string; loadId: string }): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      if (!await this.inbox.once(tx, 'load-lateness', message.messageId)) return false;
      const [load] = await tx.query<LoadRow[]>(
        `SELECT l.state, l.wave, l.point_id AS pointId, p.name AS point, c.street_id AS streetId
         FROM portion_load l JOIN point p ON p.id = l.point_id JOIN community c ON c.id = p.community_id WHERE l.id = ?`,
        [message.loadId],
      );
      if (load === undefined || load.state !== 'left') return false;
      const facts = { point: load.point, wave: load.wave, minutes: LOAD_PROMISE_MIN };
      const about = (recipientKind: 'street' | 'point', recipientId: string): Promise<boolean> => this.notices.request(tx, {
        kind: 'load-late', recipientKind, recipientId, facts, dedupKey: `load-late-${recipientKind}-${message.loadId}`,
      });
      await about('street', load.streetId);
      await about('point', load.pointId);
      return true;
    });
  }
}
