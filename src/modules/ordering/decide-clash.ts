import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AcceptClashesAnswer, AcceptClashesRequest, DecideClashRequest } from '../../contract/ordering.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
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
      const pointId = await this.pointOf(tx, seniorId, staff);
      const day = at.day as BusinessDay;
      const sheet = await this.sheet.sheet({ day, period: at.period, pointId }, staff);
      const row = sheet.rows.find((one) => one.seniorId === seniorId && one.dish.id === dishId);
      if (row === undefined) throw new DomainError('CLASH.DISH_NOT_ASKED', 'refused');
      await this.adjust.write(tx, { seniorId, pointId: row.pointId, day, period: at.period, dishId, substituteId, setCode: row.setCode, tested }, staff);
      return { done: true };
    });
  }

  /** By their first proposal, which nothing is against. Preparing a dish to somebody's texture is decided for that person alone; what is left stays open. */
  async acceptAll({ day, period }: AcceptClashesRequest, staff: StaffIdentity): Promise<AcceptClashesAnswer> {
    const sheet = await this.sheet.sheet({ day, period }, staff);
    const open = sheet.rows.filter(({ decided }) => decided === null);
    const solvable = open.filter(({ proposals }) => proposals.length > 0);
    await this.unitOfWork.run(async (tx) => {
      for (const { seniorId, pointId, dish, setCode, proposals } of solvable) {
        await this.adjust.write(tx, { seniorId, pointId, day: day as BusinessDay, period, dishId: dish.id, substituteId: proposals.at(0)?.id ?? null, setCode }, staff);
      }
    });
    return { decided: solvable.length, open: open.length - solvable.length };
  }

  private async pointOf(tx: EntityManager, seniorId: string, staff: StaffIdentity): Promise<string> {
    const [row] = await tx.query<{ pointId: string }[]>('SELECT point_id AS pointId FROM senior WHERE id = ?', [seniorId]);
    if (row === undefined || !(await this.points.points(staff, tx)).some((id) => id === row.pointId)) return this.points.refuse(staff, 'senior', seniorId);
    return row.pointId;
  }
}
