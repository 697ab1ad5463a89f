import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { UnpostedState } from '../../contract/unposted.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SeniorId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';

/** A delivered stop without a meal, its row locked, with what has been decided about it so far. */
export interface UnpostedStop {
  readonly stopId: string; readonly seniorId: SeniorId; readonly pointId: PointId; readonly setCode: string;
  readonly day: BusinessDay; readonly period: MealPeriod; readonly receivedBy: string | null; readonly proof: string | null; readonly deviceAt: Date | null;
  readonly reason: string | null; readonly resultBy: string | null;
  readonly state: Exclude<UnpostedState, 'given-free' | 'posted' | 'rejected'>; readonly askedBy: string | null; readonly askedRole: string | null;
}

/** Finds what waits for a decision; whoever decides holds the stop's row, so that two decisions take turns. */
@Injectable()
export class UnpostedStopRows {
  constructor(private readonly scope: PointScope) {}

  /** @throws DomainError DELIVERY.ALREADY_POSTED, DELIVERY.GIVEN_FREE, DELIVERY.REJECTED, DELIVERY.NOT_DELIVERED, DELIVERY.OWN_REVIEW; REQUEST.NOT_FOUND outside the scope */
  async require(tx: EntityManager, stopId: string, staff: StaffIdentity): Promise<UnpostedStop> {
    const [stop] = await tx.query<(UnpostedStop & { result: string; mealId: string | null })[]>(
      `SELECT s.id AS stopId, s.senior_id AS seniorId, o.point_id AS pointId, o.set_code AS setCode, o.business_day AS day, o.period,
         s.received_by AS receivedBy, s.proof, s.device_at AS deviceAt, s.reason, s.result_by AS resultBy, s.result, s.meal_id AS mealId
       FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id WHERE s.id = ? FOR UPDATE`, [stopId],
    );
    const points = await this.scope.points(staff, tx);
    if (stop === undefined || !points.includes(stop.pointId)) return this.scope.refuse(staff, 'stop', stopId);
    if (stop.result !== 'delivered') throw new DomainError('DELIVERY.NOT_DELIVERED', 'refused');
    const [decided] = await tx.query<{ state: UnpostedState; askedBy: string | null; askedRole: string | null }[]>(
      'SELECT state, asked_by AS askedBy, asked_role AS askedRole FROM unposted_stop WHERE route_stop_id = ?', [stopId],
    );
    // Nobody judges their own deliveries, whatever role they have got since.
    if (stop.reason === 'pattern-review' && stop.resultBy === staff.staffId) throw new DomainError('DELIVERY.OWN_REVIEW', 'refused');
    return { ...stop, state: openState(decided?.state, stop.mealId), askedBy: decided?.askedBy ?? null, askedRole: decided?.askedRole ?? null };
  }
}

/** @throws DomainError DELIVERY.GIVEN_FREE, DELIVERY.REJECTED, DELIVERY.ALREADY_POSTED where it was decided before */
function openState(state: UnpostedState | undefined, mealId: string | null): UnpostedStop['state'] {
  if (state === 'given-free') throw new DomainError('DELIVERY.GIVEN_FREE', 'conflict');
  if (state === 'rejected') throw new DomainError('DELIVERY.REJECTED', 'conflict');
  if (mealId !== null || state === 'posted') throw new DomainError('DELIVERY.ALREADY_POSTED', 'conflict');
  return state ?? 'open';
}
