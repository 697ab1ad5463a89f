import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LetterAnswer } from '../../contract/life-events.js';
import { fen, formatYuan } from '../../domain/kernel/money.js';
import { walletOf } from '../../domain/ledger/index.js';
import { maskName } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { Actor } from '../../infra/http/actor.js';
import { AuditTrail } from '../audit/index.js';
import { Ledger } from '../ledger/index.js';
import { SeniorRecords } from '../seniors/index.js';
import { EventScope } from './event-scope.js';
import { MealsAfterQuery } from './claw-backs/meals-after.query.js';

/**
 * One letter to the family: what was stored and is theirs, which meals were booked after the day, and whom to call. It
 * reproaches nobody: a late report is the rule and not a fault.
 */
@Injectable()
export class LetterQuery {
  constructor(
    private readonly dataSource: DataSource, private readonly scope: EventScope, private readonly records: SeniorRecords,
    private readonly meals: MealsAfterQuery, private readonly ledger: Ledger, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError LIFE_EVENT.NOT_FOUND */
  async of(eventId: string, actor: Actor): Promise<LetterAnswer> {
    const event = await this.scope.find(this.dataSource.manager, eventId, actor);
    const senior = await this.records.find(event.seniorId, actor);
    const [place] = await this.dataSource.query<{ streetName: string; pointName: string; phone: string }[]>(
      'SELECT st.name AS streetName, p.name AS pointName, p.phone FROM point p JOIN street st ON st.id = ? WHERE p.id = ?', [senior.streetId, senior.pointId],
    );
    const sum = await this.meals.sum({ sql: 'e.id = ?', params: [eventId] });
    const balanceFen = await this.ledger.balanceOf(walletOf(senior.id));
    await this.audit.record({
      actorKind: 'staff', actorId: actor.staff.staffId, action: 'life-event.letter-printed', objectKind: 'senior', objectId: senior.id, outcome: 'done', detail: { lifeEventId: eventId },
    });
    const called = maskName(senior.name, senior.sex);
    return {
      seniorName: senior.name, addressedTo: event.kind === 'death' ? `${called}的家属` : called, streetName: place?.streetName ?? '', pointName: place?.pointName ?? '',
      phone: place?.phone ?? '', day: this.clock.today(), meals: sum.meals, subsidyFen: sum.subsidyFen, balanceFen,
      paragraphs: [opening(event.kind === 'death', called), ...moneyWords(sum.meals, sum.subsidyFen, balanceFen), closing(place?.phone ?? '')],
    };
  }
}

function opening(death: boolean, called: string): LetterAnswer['paragraphs'][number] {
  return death
    ? { zh: `得知${called}离世，我们谨表哀悼，请您节哀。助餐服务已经停止，我们不会再发送任何提醒。`, en: `We learnt that ${called} has died and offer our condolences. The meal service has ended; no further messages will be sent.` }
    : { zh: `${called}的助餐服务已按登记停止。`, en: `The meal service of ${called} has been ended as registered.` };
}

function moneyWords(meals: number, subsidyFen: number, balanceFen: number): LetterAnswer['paragraphs'] {
  const own = {
    zh: balanceFen > 0 ? `餐卡账户里还有自己的余额 ${formatYuan(fen(balanceFen))} 元，属于本人或继承人，请带身份证明和关系证明到助餐点办理。` : '餐卡账户里没有余额，不需要办理退款。',
    en: balanceFen > 0 ? `The account holds ${formatYuan(fen(balanceFen))} yuan of own money. It belongs to the account holder or the heirs; please bring proof of identity and relation to the point.` : 'The account is empty; nothing needs to be refunded.',
  };
  if (meals === 0) return [own];
  return [own, {
    zh: `登记晚于实际日期，其间系统记了 ${meals} 份餐、公共补贴 ${formatYuan(fen(subsidyFen))} 元。这些补贴由街道与运营方核对处理，不需要您做什么；如有人代取过，请告诉我们，便于核对。`,
    en: `Before the news reached us, ${meals} meals with ${formatYuan(fen(subsidyFen))} yuan of public subsidy were booked. Street and operator settle this between them; you need do nothing. If somebody collected meals, please tell us.`,
  }];
}

function closing(phone: string): LetterAnswer['paragraphs'][number] {
  return { zh: `有任何问题，请在方便的时候打电话 ${phone}。`, en: `For any question, please call ${phone} when it suits you.` };
}
