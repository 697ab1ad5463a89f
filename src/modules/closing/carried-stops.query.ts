import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ContractorStopsAnswer } from '../../contract/contractor.js';
import { objectionDeadline, stopNoOf, type CarriedStop } from '../../domain/closing/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { maskName } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { ScopedOperator } from './contractor-scope.js';

interface StopRow {
  stopId: string; day: BusinessDay; seniorId: string; name: string; result: string; reason: string | null; takenBack: 'asked' | 'done' | null; judged: string | null; proof: string | null; afterEnd: number; paid: string | null; streetId: string;
}
interface PageRow extends Record<string, unknown> {
  stopId: string; crewName: string; period: 'breakfast' | 'lunch' | 'dinner'; name: string; sex: 'M' | 'F'; result: string; reason: string | null;
  receivedBy: string | null; proof: string | null; resultAt: Date | null; paidFen: number | null; objectionId: string | null; text: string; raisedAt: Date;
  outcome: 'upheld' | 'rejected' | null; answer: string | null; answeredAt: Date | null;
}
/** What a street pays an operator for a stop from a day on. */
export interface Rate { readonly streetId: string; readonly streetName: string; readonly validFrom: BusinessDay; readonly perStopFen: number; readonly sourceDocument: string }

const OF_OPERATOR = `FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id JOIN crew w ON w.id = t.crew_id
  JOIN meal_order o ON o.id = s.meal_order_id JOIN senior n ON n.id = s.senior_id`;
const STREET = '(SELECT c.street_id FROM point d JOIN community c ON c.id = d.community_id WHERE d.id = o.point_id)';

/** A meal taken back because a check found that it was none was not carried either; one that is only priced anew was. */
const TAKEN_BACK = `CASE WHEN k.finding_id IS NULL THEN NULL WHEN k.state = 'proposed' THEN 'asked' WHEN k.state = 'approved' AND k.repriced_meal_id IS NULL THEN 'done' END`;

/** A stop with the street of its order's point, which alone decides and pays for it. */
export interface StopOfStreet extends CarriedStop { readonly streetId: string }

/** What a contractor's crews carried, as our own records have it. */
@Injectable()
export class CarriedStops {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  /** Every stop of an operator's crews in these days, for matching a bill. On the day of a death, a move or a way to hospital the meal may have been brought before; in a nursing home not even on the first day. */
  async between(tx: EntityManager, operatorId: string, from: BusinessDay, to: BusinessDay): Promise<StopOfStreet[]> {
    const rates = await this.rates(operatorId, tx);
    const rows = await tx.query<StopRow[]>(
      `SELECT s.id AS stopId, r.business_day AS day, s.senior_id AS seniorId, n.name, s.result, s.reason, ${TAKEN_BACK} AS takenBack, u.state AS judged, s.proof, p.bill_line_id AS paid,
         ${STREET} AS streetId,
         ((n.status <> 'active' AND n.status_from IS NOT NULL AND n.status_from < r.business_day) OR EXISTS (
           SELECT 1 FROM standing_plan sp WHERE sp.id = o.standing_plan_id AND o.kept_on = 0 AND sp.paused_from <= r.business_day
             AND (sp.paused_to IS NULL OR sp.paused_to > r.business_day))
           OR EXISTS (SELECT 1 FROM senior_stay y WHERE y.senior_id = s.senior_id AND y.active = 1 AND DATE_ADD(y.from_day, INTERVAL (y.kind = 'hospital') DAY) <= r.business_day AND (y.to_day IS NULL OR y.to_day > r.business_day))) AS afterEnd
       ${OF_OPERATOR} LEFT JOIN contractor_payable p ON p.route_stop_id = s.id LEFT JOIN unposted_stop u ON u.route_stop_id = s.id LEFT JOIN claw_back k ON k.meal_id = s.meal_id
       WHERE w.operator_id = ? AND r.business_day BETWEEN ? AND ? AND r.status = 'final' ORDER BY r.business_day, s.id`, [operatorId, from, to],
    );
    return rows.map((row) => ({
      stopId: row.stopId, stopNo: stopNoOf(row.stopId), day: row.day, seniorId: row.seniorId, name: row.name, delivered: row.result === 'delivered' && row.judged !== 'rejected' && row.takenBack !== 'done', proven: row.proof !== null,
      held: row.takenBack === 'asked' || (row.reason === 'pattern-review' && (row.judged === null || row.judged === 'free-asked')),
      afterEnd: Number(row.afterEnd) === 1, alreadyPaid: row.paid !== null, rateFen: rateOn(rates, row.streetId, row.day), streetId: row.streetId,
    }));
  }

  /** What a street pays an operator for a stop of this day, as agreed by now; null without a rate. */
  async rateFen(tx: EntityManager, operatorId: string, streetId: string, day: BusinessDay): Promise<number | null> {
    return rateOn(await this.rates(operatorId, tx, streetId), streetId, day);
  }

  /** Rates of an operator, of all streets or of one, newest first. */
  async rates(operatorId: string, tx: EntityManager = this.dataSource.manager, streetId: string | null = null): Promise<Rate[]> {
    const rows = await tx.query<Rate[]>(
      `SELECT r.street_id AS streetId, s.name AS streetName, r.valid_from AS validFrom, r.per_stop_fen AS perStopFen, r.source_document AS sourceDocument
       FROM contractor_rate r JOIN street s ON s.id = r.street_id WHERE r.operator_id = ? AND (? IS NULL OR r.street_id = ?) ORDER BY r.valid_from DESC, s.name`, [operatorId, streetId, streetId],
    );
    return rows.map((row) => ({ ...row, perStopFen: Number(row.perStopFen) }));
  }

  /** The contractor's page of a day, with the stops of one street or of all; with one rate where the streets it is read for pay the same. */
  async page(operator: ScopedOperator, day: BusinessDay, streetId: string | null): Promise<ContractorStopsAnswer> {
    const rows = await this.dataSource.query<PageRow[]>(
      `SELECT s.id AS stopId, w.name AS crewName, r.period, n.name, n.sex, s.result, s.reason, s.received_by AS receivedBy, s.proof, s.result_at AS resultAt,
         p.amount_fen AS paidFen, b.id AS objectionId, b.text, b.raised_at AS raisedAt, b.outcome, b.answer, b.answered_at AS answeredAt
       ${OF_OPERATOR} LEFT JOIN contractor_payable p ON p.route_stop_id = s.id LEFT JOIN contractor_objection b ON b.route_stop_id = s.id
       WHERE w.operator_id = ? AND r.business_day = ? AND r.status = 'final' AND (? IS NULL OR ${STREET} = ?) ORDER BY r.period, w.name, s.seq, s.id`, [operator.id, day, streetId, streetId],
    );
    const stops = rows.map(stopOf);
    const now = this.clock.now();
    const until = objectionDeadline(day);
    return {
      operatorId: operator.id, operatorName: operator.name, day, asOf: now.toISOString(), objectionsUntil: until.toISOString(), isOpen: now < until,
      rateFen: oneRateOn(await this.rates(operator.id, this.dataSource.manager, streetId), day),
      delivered: stops.filter(({ result }) => result === 'delivered').length, noResult: stops.filter(({ missing }) => missing === 'no-result').length,
      noProof: stops.filter(({ missing }) => missing === 'no-proof').length, stops,
    };
  }
}

function rateOn(rates: readonly Rate[], street: string, day: BusinessDay): number | null {
  return rates.find(({ streetId, validFrom }) => streetId === street && validFrom <= day)?.perStopFen ?? null;
}

function oneRateOn(rates: readonly Rate[], day: BusinessDay): number | null {
  const each = new Set([...new Set(rates.map(({ streetId }) => streetId))].map((streetId) => rateOn(rates, streetId, day)));
  const [only = null] = each;
  return each.size === 1 ? only : null;
}

function stopOf(row: PageRow): ContractorStopsAnswer['stops'][number] {
  const missing = row.result === 'open' ? 'no-result' : row.result === 'delivered' && row.proof === null ? 'no-proof' : null;
  return {
    stopId: row.stopId, stopNo: stopNoOf(row.stopId), crewName: row.crewName, period: row.period, dinerName: maskName(row.name, row.sex), result: row.result,
    reason: row.reason, receivedBy: row.receivedBy, resultAt: row.resultAt?.toISOString() ?? null, missing, paidFen: row.paidFen === null ? null : Number(row.paidFen),
    objection: row.objectionId === null ? null : {
      id: row.objectionId, text: row.text, raisedAt: row.raisedAt.toISOString(), outcome: row.outcome, answer: row.answer, answeredAt: row.answeredAt?.toISOString() ?? null,
    },
  };
}
