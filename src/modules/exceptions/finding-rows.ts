import type { ExceptionFilters, ExceptionRow, ExceptionState } from '../../contract/exceptions.js';
import { EXCEPTION_KINDS } from '../../domain/exceptions/index.js';
import { businessDayOf, daysBetween, type BusinessDay } from '../../domain/kernel/business-day.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import type { Condition } from './finding-scope.js';

export interface FindingSqlRow {
  findingId: string; kind: string; pointName: string | null; operatorName: string | null; seniorName: string | null; sex: Sex | null; staffName: string | null;
  firstDay: BusinessDay; lastDay: BusinessDay; score: number; amountFen: string | number; reasonZh: string; reasonEn: string; evidenceRows: string | number;
  state: ExceptionState; ownerName: string | null; dueDay: BusinessDay; foundAt: Date;
}

/** What a list shows of a finding `f`, with the tables it needs. */
export const FINDING_SQL = `SELECT f.id AS findingId, f.kind, p.name AS pointName, o.name AS operatorName, s.name AS seniorName, s.sex, w.display_name AS staffName,
  f.first_day AS firstDay, f.last_day AS lastDay, f.score, f.amount_fen AS amountFen, f.reason_zh AS reasonZh, f.reason_en AS reasonEn,
  (SELECT COUNT(*) FROM exception_evidence e WHERE e.finding_id = f.id) AS evidenceRows, f.state, b.display_name AS ownerName, f.due_day AS dueDay, f.found_at AS foundAt`;
export const FINDING_TABLES = `FROM exception_finding f LEFT JOIN point p ON p.id = f.point_id LEFT JOIN operator o ON o.id = f.operator_id
  LEFT JOIN senior s ON s.id = f.senior_id LEFT JOIN staff w ON w.id = f.staff_id LEFT JOIN staff b ON b.id = f.owner_id`;

export function findingRow(row: FindingSqlRow, today: BusinessDay): ExceptionRow {
  const { seniorName, sex, reasonZh, reasonEn, ...rest } = row;
  const settled = row.state !== 'open' && row.state !== 'in-work';
  return {
    ...rest, kindLabel: kindLabel(row.kind), seniorName: maskedName(seniorName, sex), score: Number(row.score), amountFen: Number(row.amountFen),
    reason: { zh: reasonZh, en: reasonEn }, evidenceRows: Number(row.evidenceRows), overdue: !settled && row.dueDay < today, foundAt: row.foundAt.toISOString(),
    ageDays: daysBetween(businessDayOf(row.foundAt), today),
  };
}

export function kindLabel(kind: string): { zh: string; en: string } {
  const known = (EXCEPTION_KINDS as Readonly<Record<string, { zh: string; en: string }>>)[kind];
  return known === undefined ? { zh: kind, en: kind } : { zh: known.zh, en: known.en };
}

export function maskedName(name: string | null, sex: Sex | null): string | null {
  return name === null || sex === null ? null : maskName(name, sex);
}

/** Scope and filters as one condition on finding `f`. */
export function findingCondition(scope: Condition, filters: ExceptionFilters, staff: StaffIdentity, now: Date): Condition {
  const parts: Condition[] = [scope];
  const add = (text: string, ...params: unknown[]): void => { parts.push({ text, params }); };
  if (filters.kind !== undefined) add('f.kind = ?', filters.kind);
  if (filters.pointId !== undefined) add('f.point_id = ?', filters.pointId);
  if (filters.state === 'unsettled') add("f.state IN ('open', 'in-work')");
  else if (filters.state !== undefined) add('f.state = ?', filters.state);
  if (filters.minAgeDays !== undefined) add('f.found_at <= ?', new Date(now.getTime() - filters.minAgeDays * 86_400_000));
  if (filters.owner === 'me') add('f.owner_id = ?', staff.staffId);
  if (filters.owner === 'nobody') add('f.owner_id IS NULL');
  return { text: parts.map((part) => `(${part.text})`).join(' AND '), params: parts.flatMap((part) => [...part.params]) };
}
