import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AlertKind } from '../../contract/care.js';
import type { NoticeRecipientKind } from '../../contract/notices.js';
import { isAtTheDoor, type LadderKind, type LadderStep } from '../../domain/care/index.js';
import { Notices } from '../notices/index.js';

interface StepTold { readonly id: string; readonly kind: LadderKind; readonly pointId: string; readonly streetId: string; readonly seniorId: string; readonly step: LadderStep; readonly stepNo: number }
interface AlertTold { readonly id: string; readonly kind: AlertKind; readonly streetId: string; readonly pointId: string | null; readonly seniorId: string | null; readonly reminders: number }

/** Who is told of ladders and alerts. Names never stand in a message to staff: a code does, by which the page finds the person. */
@Injectable()
export class CareNotices {
  constructor(private readonly notices: Notices) {}

  /** The office from the grid worker's step on, and from the first where no crew stands at a door; point, community and contact at their own. */
  async step(tx: EntityManager, ladder: StepTold): Promise<void> {
    const facts = { point: await this.pointName(tx, ladder.pointId), code: codeOf(ladder.id), step: STEP_WORDS[ladder.step] };
    const tell = (recipientKind: NoticeRecipientKind, recipientId: string): Promise<boolean> => this.notices.request(tx, {
      kind: 'no-answer', recipientKind, recipientId, facts, dedupKey: `ladder-${ladder.id}-${ladder.stepNo}-${recipientKind}`,
    });
    if (isAtTheDoor(ladder.kind, ladder.step)) return;
    await tell('street', ladder.streetId);
    // Nobody stands at a door: whoever knows the person at the point makes the first call.
    if (ladder.step === 'phone') await tell('point', ladder.pointId);
    else if (ladder.step === 'emergency-contact') {
      const contact = await this.contactOf(tx, ladder.seniorId);
      if (contact !== null) await tell('contact', contact);
    } else {
      await tell('community', await this.communityOf(tx, ladder.pointId));
    }
  }

  /** Point and street at once, family with the first, and again until somebody takes it. */
  async alert(tx: EntityManager, alert: AlertTold): Promise<void> {
    const facts = { point: alert.pointId === null ? '' : await this.pointName(tx, alert.pointId), code: codeOf(alert.id) };
    const kind = NOTICE_OF[alert.kind];
    const tell = (recipientKind: NoticeRecipientKind, recipientId: string): Promise<boolean> => this.notices.request(tx, {
      kind, recipientKind, recipientId, facts, dedupKey: `alert-${alert.id}-${alert.reminders}-${recipientKind}`,
    });
    await tell('street', alert.streetId);
    if (alert.pointId !== null) {
      await tell('point', alert.pointId);
      await tell('community', await this.communityOf(tx, alert.pointId));
    }
    const contact = alert.seniorId === null || alert.kind !== 'alarm' || alert.reminders > 0 ? null : await this.contactOf(tx, alert.seniorId);
    if (contact !== null) await tell('contact', contact);
  }

  /** @param added how many people stand on the list since the last round; the first round has no name */
  async welfareList(tx: EntityManager, streetId: string, day: string, added: { count: number; round: string }): Promise<void> {
    await this.notices.request(tx, {
      kind: 'welfare-list', recipientKind: 'street', recipientId: streetId, facts: { count: added.count, day }, dedupKey: `welfare-${streetId}-${day}${added.round === '' ? '' : `-${added.round}`}`,
    });
  }

  private async pointName(tx: EntityManager, pointId: string): Promise<string> {
    const [point] = await tx.query<{ name: string }[]>('SELECT name FROM point WHERE id = ?', [pointId]);
    return point?.name ?? '';
  }

  private async communityOf(tx: EntityManager, pointId: string): Promise<string> {
    const [point] = await tx.query<{ id: string }[]>('SELECT community_id AS id FROM point WHERE id = ?', [pointId]);
    return point?.id ?? '';
  }

  private async contactOf(tx: EntityManager, seniorId: string): Promise<string | null> {
    const [contact] = await tx.query<{ id: string }[]>(
      "SELECT id FROM senior_contact WHERE senior_id = ? AND kind IN ('emergency', 'guardian', 'family') ORDER BY FIELD(kind, 'emergency', 'guardian', 'family'), id LIMIT 1", [seniorId],
    );
    return contact?.id ?? null;
  }
}

const NOTICE_OF = { alarm: 'care-alarm', condition: 'care-condition', 'wrong-box': 'wrong-box', recalled: 'recalled-meal' } as const;
const STEP_WORDS: Readonly<Record<LadderStep, string>> = {
  ring: '敲门', phone: '打电话', neighbour: '问邻居', 'grid-worker': '网格员上门', 'emergency-contact': '联系紧急联系人', community: '社区处理',
};

/** The short code by which people speak of it. */
export function codeOf(id: string): string {
  return id.slice(-6).toUpperCase();
}
