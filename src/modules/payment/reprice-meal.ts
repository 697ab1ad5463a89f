import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealId, PointId, SeniorId, SetMealId } from '../../domain/kernel/ids.js';
import type { MealChannel } from '../../domain/kernel/meal-period.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { donationOf, walletOf, type Tender } from '../../domain/ledger/index.js';
import type { QuoteFacts } from '../../domain/pricing/index.js';
import { parseJson } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { Ledger } from '../ledger/index.js';
import { MenuDirectory } from '../menu/index.js';
import { mergesOf, personOf, SeniorDirectory, type Diner } from '../seniors/index.js';
import { SiteDirectory } from '../sites/index.js';
import { MealClaims } from './meal-claims.js';
import { MealPricing } from './meal-pricing.js';
import type { PricedMeal } from './priced-meal.js';
import { RecordMeal, type MealRecord } from './record-meal.js';

interface SoldMeal {
  mealId: string; pointId: PointId; seniorId: SeniorId; operatorId: string; setMealId: SetMealId; channel: MealChannel; grossFen: string; dueFen: string; facts: unknown; tender: string | null; soldAt: Date;
  identifiedBy: MealRecord['identifiedBy']; identification: unknown; routeStopId: string | null;
}

/** What another price of a meal would change: the diner's own part, in fen, and whether anything at all, its payers included. */
export interface PriceChange { readonly differenceFen: Fen; readonly changes: boolean }

/** A meal that was booked again under its right price. differenceFen: by how much the diner's own part rose. */
export interface RepricedMeal {
  readonly mealId: MealId; readonly seniorId: SeniorId; readonly pointId: PointId; readonly mealDay: BusinessDay; readonly dueFen: Fen; readonly differenceFen: Fen;
}

/**
 * The price of a meal under what is known now of one category of its diner: somebody whose category had ended ate all the
 * same, and only what was too much of the subsidy goes back. The meal is taken back and booked again; everything but that
 * category is as it was when it was sold. A record that was merged since stands for nobody: the person who stands is priced,
 * pays and has used the entitlement.
 */
@Injectable()
export class RepriceMeal {
  constructor(
    private readonly seniors: SeniorDirectory, private readonly sites: SiteDirectory, private readonly menu: MenuDirectory, private readonly pricing: MealPricing,
    private readonly claims: MealClaims, private readonly recordMeal: RecordMeal, private readonly ledger: Ledger,
  ) {}

  /** @param code the category that is looked at anew; nothing is changed. @throws DomainError PAYMENT.NOT_FOUND and what pricing throws */
  async compare(tx: EntityManager, mealId: string, code: string): Promise<PriceChange> {
    const meal = await this.sold(tx, mealId);
    await tx.query('SAVEPOINT repricing');
    await this.claims.release(tx, mealId);
    const { priced } = await this.priceOf(tx, meal, code);
    await tx.query('ROLLBACK TO SAVEPOINT repricing');
    const differenceFen = fen(priced.quote.dueFen - Number(meal.dueFen));
    return { differenceFen, changes: differenceFen !== 0 || await this.paidByOthers(tx, mealId, priced) };
  }

  /** Books the meal again, after it was taken back in this transaction. `bookedOn`: the day on which it counts; `lineId`: the late line by which it is known. */
  async bookAgain(tx: EntityManager, mealId: string, code: string, again: { readonly bookedOn: BusinessDay; readonly lineId: string; readonly staffId: string }): Promise<RepricedMeal> {
    const meal = await this.sold(tx, mealId);
    const { priced, diner } = await this.priceOf(tx, meal, code);
    const newMealId = newId<MealId>();
    await this.recordMeal.claimSlots(tx, newMealId, priced, diner);
    await this.recordMeal.write(tx, newMealId, {
      priced, diner, tender: await this.tenderFor(tx, meal, priced.quote.dueFen), actor: { kind: 'staff', id: again.staffId }, key: `late-${again.lineId}`, identifiedBy: meal.identifiedBy,
      identification: { ...parseJson<MealRecord['identification']>(meal.identification), repriced: mealId, mealDay: priced.offer.businessDay, late: true }, pickupNo: '', routeStopId: meal.routeStopId,
      bookedOn: again.bookedOn, soldAt: meal.soldAt,
    });
    const { dueFen } = priced.quote;
    return { mealId: newMealId, seniorId: meal.seniorId, pointId: meal.pointId, mealDay: priced.offer.businessDay, dueFen, differenceFen: fen(dueFen - Number(meal.dueFen)) };
  }

  private async priceOf(tx: EntityManager, meal: SoldMeal, code: string): Promise<{ priced: PricedMeal; diner: Diner }> {
    const facts = parseJson<QuoteFacts>(meal.facts);
    if (facts.diner === null) throw new DomainError('PAYMENT.NOT_FOUND', 'not-found');
    const [now, place, listed] = [await this.seniors.byId(meal.seniorId, tx), await this.sites.point(meal.pointId, tx), await this.menu.offer(meal.pointId, meal.setMealId, tx)];
    const { birthDate, hukouArea, residenceArea } = facts.diner;
    const categories = [...facts.diner.categories.filter((one) => one.code !== code), ...now.categories.filter((one) => one.code === code)];
    const diner: Diner = { ...now, birthDate, hukouArea, residenceArea, categories };
    const site = { ...place, operatorId: meal.operatorId as typeof place.operatorId, area: facts.pointArea };
    const offer = { ...listed, grossFen: fen(Number(meal.grossFen) - (facts.deliveryFeeFen ?? 0)), dietTags: facts.dietTags ?? listed.dietTags };
    return { priced: await this.pricing.priceFor(tx, { site, offer, channel: meal.channel, diner, mealKind: facts.mealKind }), diner };
  }

  private async paidByOthers(tx: EntityManager, mealId: string, priced: PricedMeal): Promise<boolean> {
    const rows = await tx.query<{ payer: string; amountFen: string }[]>(
      `SELECT CONCAT('relief ', payer_code) AS payer, SUM(amount_fen) AS amountFen FROM meal_payer WHERE meal_id = ? GROUP BY payer_code
       UNION ALL SELECT CONCAT('payment ', payer_code), SUM(amount_fen) FROM meal_operator_payment WHERE meal_id = ? GROUP BY payer_code`, [mealId, mealId],
    );
    const now = new Map<string, number>();
    const note = (name: string, amountFen: number): void => { if (amountFen > 0) now.set(name, (now.get(name) ?? 0) + amountFen); };
    for (const { payerCode, amountFen } of priced.payers) note(`relief ${payerCode}`, amountFen);
    for (const { payerCode, amountFen } of priced.quote.operatorPayments) note(`payment ${payerCode}`, amountFen);
    return rows.length !== now.size || rows.some(({ payer, amountFen }) => now.get(payer) !== Number(amountFen));
  }

  /** From where it was paid before, if there is enough; otherwise it is owed. The account's row stays locked. */
  private async tenderFor(tx: EntityManager, meal: SoldMeal, dueFen: Fen): Promise<Tender> {
    const from = meal.tender === 'donation' ? donationOf(meal.seniorId) : walletOf(meal.seniorId);
    if (dueFen > 0 && await this.ledger.lockedBalanceOf(tx, from) < dueFen) return 'debt';
    return meal.tender === 'donation' ? 'donation' : 'wallet';
  }

  private async sold(tx: EntityManager, mealId: string): Promise<SoldMeal> {
    const [meal] = await tx.query<SoldMeal[]>(
      `SELECT m.id AS mealId, m.point_id AS pointId, ${personOf('m.senior_id')} AS seniorId, m.operator_id AS operatorId, m.set_meal_id AS setMealId, m.channel,
         m.gross_fen AS grossFen, m.due_fen AS dueFen, m.facts, m.tender, m.sold_at AS soldAt, m.identified_by AS identifiedBy, m.identification, m.route_stop_id AS routeStopId
       FROM meal m ${mergesOf('m.senior_id')} WHERE m.id = ? AND m.senior_id IS NOT NULL`, [mealId],
    );
    if (meal === undefined) throw new DomainError('PAYMENT.NOT_FOUND', 'not-found');
    return meal;
  }
}
