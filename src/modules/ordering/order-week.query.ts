import { Injectable } from '@nestjs/common';
import type { OrderWeekAnswer, OrderWeekQuery } from '../../contract/order-week.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { OrderScope } from './order-scope.js';
import { OrdersAhead } from './orders-ahead.query.js';

/** A week of one senior's meals for whoever takes the call. Each meal is then ordered by itself, under the rules of any order. */
@Injectable()
export class OrderWeek {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly scope: OrderScope, private readonly ahead: OrdersAhead, private readonly clock: Clock) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async show(query: OrderWeekQuery, staff: StaffIdentity): Promise<OrderWeekAnswer> {
    const tx = this.unitOfWork.reader;
    const senior = await this.scope.requireSenior(staff, query.seniorId, tx);
    const [names] = await tx.query<{ seniorName: string; pointName: string }[]>(
      'SELECT s.name AS seniorName, p.name AS pointName FROM senior s JOIN point p ON p.id = s.point_id WHERE s.id = ?', [senior.id],
    );
    const from = (query.from ?? this.clock.today()) as BusinessDay;
    const channel = staff.role === 'family' ? 'family' : query.channel ?? 'desk';
    return {
      seniorId: senior.id, seniorName: names?.seniorName ?? '', pointName: names?.pointName ?? '', from, channel,
      meals: await this.ahead.week(tx, senior, from, channel), asOf: this.clock.now().toISOString(),
    };
  }
}
