import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealId, TransferId } from '../../domain/kernel/ids.js';
import { mealSalePostings, type Tender } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Ledger } from '../ledger/index.js';
import type { Diner } from '../seniors/index.js';
import { MealClaims } from './meal-claims.js';
import type { PricedMeal } from './priced-meal.js';

export interface MealRecord {
  readonly priced: PricedMeal;
  readonly diner: Diner | null;
  readonly tender: Tender;
  readonly actor: { readonly kind: 'staff' | 'device'; readonly id: string };
  readonly key: string;
  readonly identifiedBy: 'face' | 'face-digits' | 'digits' | 'card' | 'pin' | 'roaming' | 'staff' | 'crew' | 'paper' | 'none';
  /** Codes, counts and bounds that prove who ate; never a score, a descriptor or a number of a document. */
  readonly identification: Readonly<Record<string, string | number | boolean | null>>;
  readonly pickupNo: string;
  readonly routeStopId: string | null;
  /** For a meal whose own day is closed: the open day on which it counts. Its price stays that of its own day. */
  readonly bookedOn?: BusinessDay;
  /** For a meal that was handed over before it reached the books; absent: now. */
  readonly soldAt?: Date;
}

/** Writes one meal with its transfer, payers and entitlement: all rows of a sale in the caller's transaction. */
@Injectable()
export class RecordMeal {
  constructor(private readonly ledger: Ledger, private readonly claims: MealClaims, private readonly clock: Clock) {}

  /** First of all writes of a sale. @throws DomainError PAYMENT.ALREADY_SERVED and what MealClaims.claim throws */
  async claimSlots(tx: EntityManager, mealId: MealId, priced: PricedMeal, diner: Diner): Promise<void> {
    await this.claims.claim(tx, mealId, priced, diner);
  }

  /** @returns the transfer that was posted */
  async write(tx: EntityManager, mealId: MealId, record: MealRecord): Promise<TransferId> {
    const { priced, diner } = record;
    const { quote, offer, site } = priced;
    const transferId = await this.ledger.post(tx, {
      kind: 'meal-sale', businessDay: record.bookedOn ?? offer.businessDay, pointId: site.pointId,
      idempotencyScope: `${record.actor.kind}:${record.actor.id}`, idempotencyKey: record.key,
      actorKind: record.actor.kind, actorId: record.actor.id, memo: `meal ${offer.period} ${offer.code}`,
      postings: mealSalePostings({
        grossFen: quote.grossFen, dueFen: quote.dueFen, payers: priced.payers, operatorId: site.operatorId,
        pointId: site.pointId, seniorId: diner?.seniorId ?? null, tender: record.tender, operatorPayments: quote.operatorPayments,
      }),
    });
    await this.insertMeal(tx, mealId, transferId, record);
    const payers = quote.reliefs.flatMap((relief) => relief.payers
      .filter((payer) => payer.amountFen > 0).map((payer) => [mealId, payer.payerCode, relief.ruleId, payer.amountFen]));
    if (payers.length > 0) await tx.query('INSERT INTO meal_payer (meal_id, payer_code, rule_id, amount_fen) VALUES ?', [payers]);
    const weights = (priced.weighed ?? []).map((line, index) => [mealId, index + 1, line.dishId, line.grams, line.fenPer100g, line.amountFen]);
    if (weights.length > 0) await tx.query('INSERT INTO meal_weight (meal_id, line, dish_id, grams, fen_per_100g, amount_fen) VALUES ?', [weights]);
    const payments = quote.operatorPayments.map((payment) => [mealId, payment.payerCode, payment.ruleId, payment.amountFen]);
    if (payments.length > 0) await tx.query('INSERT INTO meal_operator_payment (meal_id, payer_code, rule_id, amount_fen) VALUES ?', [payments]);
    return transferId;
  }

  private async insertMeal(tx: EntityManager, mealId: MealId, transferId: TransferId, record: MealRecord): Promise<void> {
    const { priced, diner, actor } = record;
    const { quote, offer, site } = priced;
    await tx.query(
      `INSERT INTO meal (id, transfer_id, senior_id, point_id, operator_id, set_meal_id, business_day, period, channel,
         gross_fen, due_fen, policy_version_id, rule_id, age_years, age_tier, category_code, facts, explanation,
         identified_by, identification, device_id, staff_id, route_stop_id, pickup_no, sold_at, tender) VALUES (?)`,
      [[
        mealId, transferId, diner?.seniorId ?? null, site.pointId, site.operatorId, offer.setMealId, record.bookedOn ?? offer.businessDay,
        offer.period, priced.channel, quote.grossFen, quote.dueFen, quote.policyVersionId, quote.ruleId, quote.ageYears,
        quote.ageTier, quote.categoryCode, JSON.stringify(priced.facts), JSON.stringify(quote.explanation),
        record.identifiedBy, JSON.stringify(record.identification), actor.kind === 'device' ? actor.id : null,
        actor.kind === 'staff' ? actor.id : null, record.routeStopId, record.pickupNo, record.soldAt ?? this.clock.now(), record.tender,
      ]],
    );
  }
}
