import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AlertRow, CareBoardAnswer, CareBoardQuery, LadderRow, WelfareCallRow } from '../../contract/care.js';
import { addDays, ageOn, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { PointScope } from '../sites/index.js';

/** So many days back a call that nobody has made stays on the page. */
const CALLS_STAND_DAYS = 2;

type LadderSql = Omit<LadderRow, 'ageYears' | 'dueAt' | 'openedAt' | 'endedAt' | 'steps'> & { birthDate: BusinessDay; dueAt: Date; openedAt: Date; endedAt: Date | null };
type StepSql = Omit<LadderRow['steps'][number], 'startedAt' | 'dueAt' | 'endedAt'> & { ladderId: string; startedAt: Date; dueAt: Date; endedAt: Date | null };
type AlertSql = Omit<AlertRow, 'signs' | 'deviceAt' | 'raisedAt' | 'takenAt' | 'closedAt'> & { signs: string; deviceAt: Date; raisedAt: Date; takenAt: Date | null; closedAt: Date | null };
type CallSql = Omit<WelfareCallRow, 'calledAt'> & { calledAt: Date | null };

/** Who is being looked for, who needs help and whom to call, inside the reader's points. What is open of earlier days stays in sight. */
@Injectable()
export class CareBoard {
  constructor(
    private readonly dataSource: DataSource,
    private readonly points: PointScope,
    private readonly settings: DeliverySettingsBook,
    private readonly clock: Clock,
  ) {}

  async read(query: CareBoardQuery, staff: StaffIdentity): Promise<CareBoardAnswer> {
    const day = (query.day ?? this.clock.today()) as BusinessDay;
    const points = await this.points.points(staff);
    const [street] = points.length === 0 ? [] : await this.dataSource.query<{ id: string }[]>(
      'SELECT c.street_id AS id FROM point p JOIN community c ON c.id = p.community_id WHERE p.id = ?', [points[0]],
    );
    const empty = { day, asOf: this.clock.now().toISOString(), ladders: [], alerts: [], calls: [], callsBuiltAt: null, callsFromMin: 780 };
    if (street === undefined) return empty;
    const [built] = await this.dataSource.query<{ at: Date }[]>('SELECT built_at AS at FROM welfare_list WHERE street_id = ? AND business_day = ?', [street.id, day]);
    return {
      ...empty, callsFromMin: (await this.settings.of(street.id)).welfareFromMin, callsBuiltAt: built?.at.toISOString() ?? null,
      ladders: await this.ladders(points, day), alerts: await this.alerts(points, street.id, staff, day), calls: await this.calls(points, day),
    };
  }

  private async ladders(points: readonly string[], day: BusinessDay): Promise<LadderRow[]> {
    const rows = await this.dataSource.query<LadderSql[]>(
      `SELECT l.id, l.kind, l.senior_id AS seniorId, s.name AS seniorName, s.birth_date AS birthDate, l.point_id AS pointId, p.name AS pointName, c.name AS crewName,
         l.step, l.due_at AS dueAt, l.opened_at AS openedAt, l.ended_at AS endedAt, l.outcome, l.note
       FROM care_ladder l JOIN senior s ON s.id = l.senior_id JOIN point p ON p.id = l.point_id LEFT JOIN route_stop r ON r.id = l.route_stop_id
       LEFT JOIN route_trip t ON t.id = r.route_trip_id LEFT JOIN crew c ON c.id = t.crew_id
       WHERE l.point_id IN (?) AND (l.business_day = ? OR l.ended_at IS NULL) ORDER BY l.ended_at IS NOT NULL, l.due_at, l.id LIMIT 500`, [points, day],
    );
    const steps = rows.length === 0 ? [] : await this.dataSource.query<StepSql[]>(
      `SELECT x.ladder_id AS ladderId, x.step_no AS stepNo, x.step, x.started_at AS startedAt, x.due_at AS dueAt, x.ended_at AS endedAt, x.result,
         f.display_name AS recordedByName, x.note FROM care_step x LEFT JOIN staff f ON f.id = x.recorded_by WHERE x.ladder_id IN (?) ORDER BY x.step_no`,
      [rows.map((row) => row.id)],
    );
    return rows.map(({ birthDate, ...row }) => ({
      ...row, ageYears: ageOn(birthDate, day), dueAt: row.dueAt.toISOString(), openedAt: row.openedAt.toISOString(), endedAt: row.endedAt?.toISOString() ?? null,
      steps: steps.filter((step) => step.ladderId === row.id).map(({ ladderId: _of, ...step }) => ({
        ...step, startedAt: step.startedAt.toISOString(), dueAt: step.dueAt.toISOString(), endedAt: step.endedAt?.toISOString() ?? null,
      })),
    }));
  }

  private async alerts(points: readonly string[], streetId: string, staff: StaffIdentity, day: BusinessDay): Promise<AlertRow[]> {
    const rows = await this.dataSource.query<AlertSql[]>(
      `SELECT a.id, a.kind, s.name AS seniorName, p.name AS pointName, c.name AS crewName, a.signs, a.latitude, a.longitude, a.device_at AS deviceAt,
         a.raised_at AS raisedAt, a.reminders, f.display_name AS takenByName, a.taken_at AS takenAt, a.closed_at AS closedAt, a.note
       FROM care_alert a LEFT JOIN senior s ON s.id = a.senior_id LEFT JOIN point p ON p.id = a.point_id LEFT JOIN crew c ON c.id = a.crew_id
       LEFT JOIN staff f ON f.id = a.taken_by
       WHERE (a.point_id IN (?) OR (? AND a.street_id = ?)) AND (a.closed_at IS NULL OR DATE(CONVERT_TZ(a.raised_at, '+00:00', '+08:00')) = ?)
       ORDER BY a.closed_at IS NOT NULL, a.taken_at IS NOT NULL, FIELD(a.kind, 'alarm', 'wrong-box', 'recalled', 'condition'), a.raised_at LIMIT 500`, [points, staff.scopeKind === 'street' ? 1 : 0, streetId, day],
    );
    return rows.map((row) => ({
      ...row, signs: row.signs === '' ? [] : row.signs.split(','), deviceAt: row.deviceAt.toISOString(), raisedAt: row.raisedAt.toISOString(),
      takenAt: row.takenAt?.toISOString() ?? null, closedAt: row.closedAt?.toISOString() ?? null,
    }));
  }

  /** Those of the day, and before them what nobody has called about in the days before: a call of the evening is not over in the morning. */
  private async calls(points: readonly string[], day: BusinessDay): Promise<WelfareCallRow[]> {
    const rows = await this.dataSource.query<CallSql[]>(
      `SELECT w.id, w.senior_id AS seniorId, s.name AS seniorName, p.name AS pointName, w.cause, w.result, w.note, f.display_name AS calledByName, w.called_at AS calledAt,
         w.business_day AS day
       FROM welfare_call w JOIN senior s ON s.id = w.senior_id JOIN point p ON p.id = w.point_id LEFT JOIN staff f ON f.id = w.called_by
       WHERE w.point_id IN (?) AND (w.business_day = ? OR (w.result IS NULL AND w.business_day >= ? AND w.business_day < ?)) ORDER BY w.result IS NOT NULL, w.business_day, FIELD(w.cause, 'ladder-open', 'worried', 'not-handed-over', 'on-no-trip', 'not-known'), s.name, w.id`, [points, day, addDays(day, -CALLS_STAND_DAYS), day],
    );
    return rows.map((row) => ({ ...row, calledAt: row.calledAt?.toISOString() ?? null }));
  }
}
