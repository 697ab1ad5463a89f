import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { DeskRefundAnswer, DeskRefundRequest, RefundDecisionRequest } from '../../contract/desk.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { SiteDirectory } from '../sites/index.js';
import { StoredValueSettings } from '../wallets/index.js';
import { RefundMeal } from './refund-meal.js';

interface AskRow { id: string; reason: DeskRefundRequest['reason']; note: string; askedBy: string }

/**
 * Refunds at the desk. What one attendant may give back alone in a day is the street's setting; what goes beyond it
 * waits until another person at the point has looked: money moves only then.
 */
@Injectable()
export class RefundAtDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly idempotency: Idempotency,
    private readonly sites: SiteDirectory,
    private readonly settings: StoredValueSettings,
    private readonly refund: RefundMeal,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError what `RefundMeal` throws; PAYMENT.REFUND_ASKED where it waits already */
  async execute(command: { pointId: PointId; staffId: string; key: string; request: DeskRefundRequest }): Promise<DeskRefundAnswer> {
    const { pointId, staffId, key, request } = command;
    const { answer } = await this.idempotency.run({ scope: `staff:${staffId}`, key, request: { refund: request } }, async (tx) => {
      // Two refunds of one person stand in line, so that both see what the other has given.
      await tx.query('SELECT id FROM staff WHERE id = ? FOR UPDATE', [staffId]);
      const meal = await this.refund.requireRefundable(tx, command);
      if (Number(meal.dueFen) <= await this.aloneLeftFen(pointId, staffId, tx)) return this.refund.within(tx, command);
      return this.ask(tx, command, meal.businessDay, meal.tender ?? 'none');
    });
    return answer;
  }

  /** @throws DomainError PAYMENT.REFUND_NOT_ASKED, PAYMENT.REFUND_OWN; when approved what `RefundMeal` throws, SHIFT.NOT_OPEN of who asked */
  async decide(command: { pointId: PointId; staffId: string; mealId: string; key: string; request: RefundDecisionRequest }): Promise<DeskRefundAnswer> {
    const { pointId, staffId, mealId, key, request } = command;
    const { answer } = await this.idempotency.run({ scope: `staff:${staffId}`, key, request: { decideRefund: mealId, ...request } }, async (tx) => {
      const [ask] = await tx.query<AskRow[]>(
        'SELECT id, reason, note, asked_by AS askedBy FROM refund_ask WHERE meal_id = ? AND point_id = ? AND open_mark = 1 FOR UPDATE', [mealId, pointId],
      );
      if (ask === undefined) throw new DomainError('PAYMENT.REFUND_NOT_ASKED', 'not-found');
      if (ask.askedBy === staffId) throw new DomainError('PAYMENT.REFUND_OWN', 'forbidden');
      await tx.query('UPDATE refund_ask SET state = ?, open_mark = NULL, decided_by = ?, decided_at = ? WHERE id = ?', [request.approve ? 'done' : 'refused', staffId, this.clock.now(), ask.id]);
      if (!request.approve) {
        await this.audit.record({
          actorKind: 'staff', actorId: staffId, action: 'meal.refund-refused', objectKind: 'meal', objectId: mealId, outcome: 'done', detail: { askedBy: ask.askedBy, note: request.note },
        }, tx);
        return { mealId, refundedFen: 0, balanceFen: null, tender: 'none', waits: false };
      }
      return this.refund.within(tx, { pointId, staffId: ask.askedBy, approvedBy: staffId, key, request: { mealId, reason: ask.reason, note: ask.note } });
    });
    return answer;
  }

  /** What this person may still give back today without another one. */
  async aloneLeftFen(pointId: PointId, staffId: string, tx: EntityManager = this.dataSource.manager): Promise<Fen> {
    const { streetId } = await this.sites.point(pointId, tx);
    const { refundAloneFen } = await this.settings.of(streetId, tx);
    const [given] = await tx.query<{ sumFen: number | null }[]>(
      'SELECT SUM(m.due_fen) AS sumFen FROM meal_reversal r JOIN meal m ON m.id = r.meal_id WHERE r.staff_id = ? AND r.business_day = ? AND r.approved_by IS NULL',
      [staffId, this.clock.today()],
    );
    return fen(Math.max(0, refundAloneFen - Number(given?.sumFen ?? 0)));
  }

  private async ask(
    tx: EntityManager, { pointId, staffId, request }: { pointId: PointId; staffId: string; request: DeskRefundRequest }, businessDay: BusinessDay, tender: string,
  ): Promise<DeskRefundAnswer> {
    try {
      await tx.query(
        `INSERT INTO refund_ask (id, meal_id, point_id, business_day, reason, note, state, open_mark, asked_by, asked_at) VALUES (?, ?, ?, ?, ?, ?, 'asked', 1, ?, ?)`,
        [newId(), request.mealId, pointId, businessDay, request.reason, request.note, staffId, this.clock.now()],
      );
    } catch (error) {
      if (isDuplicateKey(error, 'uq_refund_ask_open')) throw new DomainError('PAYMENT.REFUND_ASKED', 'conflict');
      throw error;
    }
    await this.audit.record({
      actorKind: 'staff', actorId: staffId, action: 'meal.refund-asked', objectKind: 'meal', objectId: request.mealId, outcome: 'done', detail: { reason: request.reason },
    }, tx);
    return { mealId: request.mealId, refundedFen: 0, balanceFen: null, tender, waits: true };
  }
}
