import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AcceptClashesAnswer, AcceptClashesRequest, DecideClashRequest } from '../../contract/ordering.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { AdjustMeal } from './adjust-meal.js';
import { ClashSheet } from './clash-sheet.query.js';

/** Decides rows of the clash sheet: one, or all by their first proposal. */
@Injectable()
export class DecideClash {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly points: PointScope, private readonly sheet: ClashSheet, private readonly adjust: AdjustMeal) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope, CLASH.* */
  async execute({ seniorId, dishId, substituteId, tested, ...at }: DecideClashRequest, staff: StaffIdentity): Promise<{ done: true }> {
    return this.unitOfWork.run(async (tx) => {
      const day = at.day as BusinessDay;
      const pointId = await this.pointOf(tx, seniorId, { day, period: at.period }, staff);
      const sheet = await this.sheet.sheet({ day, period: at.period, pointId }, staff);
      const row = sheet.rows.find((one) => one.seniorId === seniorId && one.dish.id === dishId);
      if (row === undefined) throw new DomainError('CLASH.DISH_NOT_ASKED', 'refused');
      await this.adjust.write(tx, { seniorId, pointId: row.pointId, day, period: at.period, dishId, substituteId, setCode: row.setCode, tested }, staff);
      return { done: true };
    });
  }

  /** By their first proposal, which nothing is against. Preparing a dish to somebody's texture is decided for that person alone; what is left stays open. @throws DomainError CLASH.DAY_PAST */
  async acceptAll({ day, period }: AcceptClashesRequest, staff: StaffIdentity): Promise<AcceptClashesAnswer> {
    this.adjust.requireAhead(day as BusinessDay);
    const sheet = await this.sheet.sheet({ day, period }, staff);
    const open = sheet.rows.filter(({ decided }) => decided === null);
    const decided = await this.unitOfWork.run(async (tx) => {
      let count = 0;
      for (const { seniorId, pointId, dish, setCode, proposals } of open.filter((row) => row.proposals.length > 0)) {
        const asked = { seniorId, pointId, day: day as BusinessDay, period, dishId: dish.id, substituteId: proposals.at(0)?.id ?? null, setCode };
        // What is refused of one person changes nothing of theirs, and keeps nobody else's from being decided.
        const isDone = await this.adjust.write(tx, asked, staff).then(() => true, (error: unknown) => {
          if (error instanceof DomainError) return false;
          throw error;
        });
        if (isDone) count += 1;
      }
      return count;
    });
    return { decided, open: open.length - decided };
  }

  /** Where the meal stands: the point of the order, which somebody who moved since may not belong to any more, or else their own. */
  private async pointOf(tx: EntityManager, seniorId: string, { day, period }: { day: BusinessDay; period: MealPeriod }, staff: StaffIdentity): Promise<string> {
    const [row] = await tx.query<{ pointId: string }[]>(
      `SELECT COALESCE(o.point_id, s.point_id) AS pointId FROM senior s LEFT JOIN meal_order o ON o.senior_id = s.id AND o.business_day = ? AND o.period = ? AND o.active = 1
       WHERE s.id = ?`, [day, period, seniorId],
    );
    if (row === undefined || !(await this.points.points(staff, tx)).some((id) => id === row.pointId)) return this.points.refuse(staff, 'senior', seniorId);
    return row.pointId;
  }
}
