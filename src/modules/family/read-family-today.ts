import { Injectable } from '@nestjs/common';
import type { FamilyTodayAnswer } from '../../contract/family.js';
import type { TakenNutritionAnswer } from '../../contract/nutrition.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { addDays } from '../../domain/kernel/business-day.js';
import type { SeniorId } from '../../domain/kernel/ids.js';
import { walletOf } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { Ledger } from '../ledger/index.js';
import { TakenMeals } from '../nutrition/index.js';
import { SeniorDirectory } from '../seniors/index.js';
import { SiteDirectory } from '../sites/index.js';
import { FamilyMealsQuery } from './family-meals.query.js';

const HISTORY_DAYS = 30;

/** "Father ate at 11:02": what happened today and lately for the one senior of a family member. */
@Injectable()
export class ReadFamilyToday {
  constructor(
    private readonly seniors: SeniorDirectory,
    private readonly sites: SiteDirectory,
    private readonly meals: FamilyMealsQuery,
    private readonly ledger: Ledger,
    private readonly taken: TakenMeals,
    private readonly clock: Clock,
  ) {}

  /** What the lunches of the last days held. @throws DomainError REQUEST.NOT_FOUND when the family member is bound to no senior */
  async nutrition(staff: StaffIdentity): Promise<TakenNutritionAnswer> {
    if (staff.scopeKind !== 'senior') throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    const senior = await this.seniors.byId(staff.scopeId as SeniorId);
    const day = this.clock.today();
    return this.taken.of(senior, 'lunch', addDays(day, -HISTORY_DAYS), day);
  }

  /** @throws DomainError REQUEST.NOT_FOUND when the family member is bound to no senior */
  async execute(staff: StaffIdentity): Promise<FamilyTodayAnswer> {
    if (staff.scopeKind !== 'senior') throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    const senior = await this.seniors.byId(staff.scopeId as SeniorId);
    const site = await this.sites.point(senior.pointId);
    const day = this.clock.today();
    const [eaten, open, history, balanceFen] = await Promise.all([
      this.meals.meals(senior.seniorId, day, day), this.meals.openOrders(senior.seniorId, day),
      this.meals.meals(senior.seniorId, addDays(day, -HISTORY_DAYS), addDays(day, -1)), this.ledger.balanceOf(walletOf(senior.seniorId)),
    ]);
    return {
      maskedName: senior.maskedName, pointName: site.name, pointPhone: site.phone, businessDay: day, today: [...eaten, ...open], balanceFen, history,
    };
  }
}
