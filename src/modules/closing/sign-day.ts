import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DayCloseAnswer, SignDayRequest } from '../../contract/closing.js';
import { compareDay } from '../../domain/closing/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DayGate, PointScope, SiteDirectory } from '../sites/index.js';
import { CloseRecord } from './close-record.js';
import { DayClosePage } from './day-close.query.js';
import { DayCounts, digestOf, type CountedDay } from './day-count.query.js';
import { DayFacts } from './day-facts.query.js';
import { KiosksTold } from './kiosks-told.js';

/** The attendant's signature: the day balances, the counts are these, and from now on nothing is added to it. */
@Injectable()
export class SignDay {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: PointScope, private readonly sites: SiteDirectory, private readonly gate: DayGate,
    private readonly counts: DayCounts, private readonly facts: DayFacts, private readonly record: CloseRecord, private readonly page: DayClosePage,
    private readonly kiosks: KiosksTold, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, CLOSE.NOT_YET, CLOSE.STILL_SERVING, CLOSE.ALREADY_SIGNED,
   *   CLOSE.COUNTS_CHANGED, CLOSE.DIFFERS, CLOSE.CASH_UNEXPLAINED, CLOSE.STOPS_UNEXPLAINED, CLOSE.KIOSKS_UNSENT
   */
  async execute(at: { pointId: string; day: BusinessDay }, request: SignDayRequest, staff: StaffIdentity, key: string): Promise<DayCloseAnswer> {
    await this.scope.narrowed(staff, at.pointId);
    if (at.day > this.clock.today()) throw new DomainError('CLOSE.NOT_YET', 'refused');
    const run = { scope: `staff:${staff.staffId}`, key, request: { sign: at, ...request } };
    await this.idempotency.run(run, (tx) => this.sign(tx, at, request, staff));
    return this.page.of(at.pointId as PointId, at.day);
  }

  private async sign(tx: EntityManager, at: { pointId: string; day: BusinessDay }, request: SignDayRequest, staff: StaffIdentity): Promise<{ digest: string }> {
    await this.gate.holdAlone(tx, at.pointId);
    if (await this.facts.stored(at.pointId, at.day, tx) !== null) throw new DomainError('CLOSE.ALREADY_SIGNED', 'conflict');
    if (!await this.facts.servicesOver(at.pointId, at.day, tx)) throw new DomainError('CLOSE.STILL_SERVING', 'refused');
    const counted = await this.counts.of(tx, at.pointId, at.day);
    if (digestOf(at.pointId, at.day, counted) !== request.digest) throw new DomainError('CLOSE.COUNTS_CHANGED', 'conflict');
    requireBalance(counted);
    // Where drawers were counted, theirs is the count; nobody types another.
    const countedCashFen = counted.shiftCashFen ?? request.countedCashFen;
    requireReasons(counted, { ...request, countedCashFen });
    const kiosksUnsent = await this.kiosks.requireReason(tx, at.pointId, at.day, request.kiosksReason);
    const site = await this.sites.point(at.pointId as PointId, tx);
    await this.record.insert(tx, {
      ...at, operatorId: site.operatorId, state: 'signed', digest: request.digest, counted, countedCashFen,
      cashReason: request.cashReason, openStopsReason: request.openStopsReason, firstBy: staff.staffId, root: await this.facts.lastRoot(tx), kiosksUnsent, kiosksReason: request.kiosksReason,
    });
    await this.record.act(tx, { ...at, act: 'signed', digest: request.digest, note: request.cashReason, staffId: staff.staffId });
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'day.signed', objectKind: 'point-day', objectId: `${at.pointId} ${at.day}`, outcome: 'done',
      detail: { meals: counted.meals, cashDifferenceFen: countedCashFen - counted.expectedCashFen, openStops: counted.openStops, kiosksUnsent },
    }, tx);
    return { digest: request.digest };
  }
}

/** @throws DomainError CLOSE.DIFFERS with the first difference and how many there are */
export function requireBalance(counted: CountedDay): void {
  const differences = compareDay(counted);
  const [first] = differences;
  if (first !== undefined) throw new DomainError('CLOSE.DIFFERS', 'refused', { differences: differences.length, first: first.kind, by: first.by });
}

function requireReasons(counted: CountedDay, request: SignDayRequest): void {
  if (request.countedCashFen !== counted.expectedCashFen && request.cashReason === '') {
    throw new DomainError('CLOSE.CASH_UNEXPLAINED', 'refused', { expectedFen: counted.expectedCashFen, countedFen: request.countedCashFen });
  }
  if (counted.openStops > 0 && request.openStopsReason === '') throw new DomainError('CLOSE.STOPS_UNEXPLAINED', 'refused', { openStops: counted.openStops });
}
