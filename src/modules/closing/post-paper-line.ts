import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isSampled } from '../../domain/closing/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SeniorId, SetMealId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { SellHeldMeal } from '../payment/index.js';
import { DayGate, SiteDirectory } from '../sites/index.js';
import { ClosingSettingsBook } from './closing-settings-book.js';
import { LateLines } from './late-lines.js';
import type { PaperListHead } from './paper-list.query.js';

export interface PaperLine { readonly id: string; readonly seniorId: string | null }
interface EnteredLine { id: string; lineNo: number; seniorId: string; tick: 'wallet' | 'cash' | 'qr'; outcome: string; enteredBy: string }

/** Turns one ticked line into a meal, once: by the pricing path of all sales, for the day of the list. */
@Injectable()
export class PostPaperLine {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly sites: SiteDirectory, private readonly gate: DayGate, private readonly sell: SellHeldMeal,
    private readonly late: LateLines, private readonly settings: ClosingSettingsBook, private readonly clock: Clock,
  ) {}

  /**
   * What the price refuses is written to the line, with its code; a meal taken already is a duplicate and is not charged
   * again. A meal that is recalled waits for a second person: paper does not tell whether it was eaten before the recall.
   */
  async execute(list: PaperListHead, lineId: string, decidedBy: string | null = null): Promise<void> {
    try {
      await this.unitOfWork.run((tx) => this.post(tx, list, lineId, decidedBy));
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      await this.unitOfWork.run((tx) => this.refuse(tx, list, lineId, error.code));
    }
  }

  private async post(tx: EntityManager, list: PaperListHead, lineId: string, decidedBy: string | null): Promise<void> {
    const line = await this.line(tx, lineId);
    if (line === null || !['open', 'refused', 'waiting'].includes(line.outcome)) return;
    const { streetId } = await this.sites.point(list.pointId as PointId, tx);
    const sampled = isSampled(list.listNo, line.lineNo, (await this.settings.ofStreet(streetId, tx)).samplePercent) ? 1 : 0;
    const identification = { list: list.listNo, line: line.lineNo };
    const decided = decidedBy === null ? null : this.clock.now();
    if (await this.gate.isClosed(tx, list.pointId, list.day)) {
      await this.late.hold(tx, {
        kind: 'paper', sourceId: line.id, pointId: list.pointId, mealDay: list.day, period: list.period, seniorId: line.seniorId, setMealId: list.setMealId,
        channel: 'eat-in', tender: line.tick, identification, recordedBy: line.enteredBy,
      });
      await tx.query("UPDATE paper_line SET outcome = 'late', code = NULL, sampled = ?, decided_by = ?, decided_at = ? WHERE id = ?", [sampled, decidedBy, decided, line.id]);
      return;
    }
    const { mealId } = await this.sell.execute(tx, {
      pointId: list.pointId as PointId, seniorId: line.seniorId as SeniorId, setMealId: list.setMealId as SetMealId, channel: 'eat-in', tender: line.tick,
      staffId: line.enteredBy, identifiedBy: 'paper', identification, routeStopId: null, key: `paper-${list.listNo}-${line.lineNo}`, bookedOn: null, decided: decidedBy !== null,
    });
    await tx.query("UPDATE paper_line SET outcome = 'posted', code = NULL, meal_id = ?, sampled = ?, decided_by = ?, decided_at = ? WHERE id = ?",
      [mealId, sampled, decidedBy, decided, line.id]);
  }

  private async refuse(tx: EntityManager, list: PaperListHead, lineId: string, code: string): Promise<void> {
    const line = await this.line(tx, lineId);
    if (line === null || line.outcome === 'posted' || line.outcome === 'late') return;
    const duplicate = code === 'PAYMENT.ALREADY_SERVED';
    const [twin] = !duplicate ? [] : await tx.query<{ mealId: string }[]>(
      'SELECT meal_id AS mealId FROM entitlement_use WHERE senior_id = ? AND business_day = ? AND slot = ? AND active = 1', [line.seniorId, list.day, `meal:${list.period}`],
    );
    await tx.query('UPDATE paper_line SET outcome = ?, code = ?, twin_meal_id = ? WHERE id = ?', [duplicate ? 'duplicate' : code === 'PAYMENT.MEAL_RECALLED' ? 'waiting' : 'refused', code, twin?.mealId ?? null, line.id]);
  }

  private async line(tx: EntityManager, lineId: string): Promise<EnteredLine | null> {
    const [line] = await tx.query<EnteredLine[]>(
      'SELECT id, line_no AS lineNo, senior_id AS seniorId, tick, outcome, entered_by AS enteredBy FROM paper_line WHERE id = ? FOR UPDATE', [lineId],
    );
    return line ?? null;
  }
}
