import type { FinanceFilters } from '../../contract/finance.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';

/** SQL of constant text with its parameters in order. */
export interface Sql {
  readonly text: string;
  readonly params: readonly unknown[];
}

/** What a reader may see: the meals of these points, or those that one operator served, wherever it was. */
export type FinanceScope = { kind: 'points'; pointIds: readonly string[] } | { kind: 'operator'; operatorId: string };

/** Scopes other than an operator's are resolved to points by the caller. */
export function operatorScopeOf(staff: StaffIdentity): FinanceScope | null {
  return staff.scopeKind === 'operator' ? { kind: 'operator', operatorId: staff.scopeId } : null;
}

/**
 * Half of a report's lines. A meal `m` counts on its day; its reversal `r` counts against it on the day it was taken
 * back, so that a past period never changes.
 */
export interface LineSource {
  readonly sign: 1 | -1;
  /** SQL of the line's day and of the instant of sale or reversal. */
  readonly day: string;
  readonly at: string;
  /** What stands between FROM and WHERE. */
  readonly tables: string;
  readonly where: Sql;
}

/** Meals and reversals that filters and scope let through. */
export function lineSources(filters: FinanceFilters, scope: FinanceScope): [sold: LineSource, reversed: LineSource] {
  const conditions = mealConditions(filters, scope);
  const during = (day: string): Sql => ({ text: `${day} BETWEEN ? AND ? AND ${conditions.text}`, params: [filters.from, filters.to, ...conditions.params] });
  return [
    {
      sign: 1, day: 'm.business_day', at: 'm.sold_at', where: during('m.business_day'),
      tables: 'meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id',
    },
    {
      sign: -1, day: 'r.business_day', at: 'r.at', where: during('r.business_day'),
      tables: 'meal_reversal r JOIN meal m ON m.id = r.meal_id',
    },
  ];
}

/** Both halves as one derived table (sign, id, day, at), for lists in the order of time. */
export function mealLines(filters: FinanceFilters, scope: FinanceScope): Sql {
  const sources = lineSources(filters, scope);
  return {
    text: sources
      .map(({ sign, day, at, tables, where }) => `SELECT ${sign} AS sign, m.id, ${day} AS day, ${at} AS at FROM ${tables} WHERE ${where.text}`)
      .join(' UNION ALL '),
    params: sources.flatMap(({ where }) => [...where.params]),
  };
}

/** Conditions on meal `m`: scope first, then the filters. */
function mealConditions(filters: FinanceFilters, scope: FinanceScope): Sql {
  const parts: Sql[] = [scopeCondition(scope)];
  const equal = (column: string, value: string | undefined): void => {
    if (value !== undefined) parts.push({ text: `${column} = ?`, params: [value] });
  };
  equal('m.point_id', filters.pointId);
  equal('m.operator_id', filters.operatorId);
  equal('m.age_tier', filters.ageTier);
  equal('m.period', filters.period);
  equal('m.channel', filters.channel);
  equal("COALESCE(m.category_code, 'none')", filters.category);
  if (filters.payer !== undefined) {
    parts.push({ text: 'EXISTS (SELECT 1 FROM meal_payer f WHERE f.meal_id = m.id AND f.payer_code = ?)', params: [filters.payer] });
  }
  return { text: parts.map((part) => `(${part.text})`).join(' AND '), params: parts.flatMap((part) => [...part.params]) };
}

/** The condition that keeps meal `m` inside the scope. */
export function scopeCondition(scope: FinanceScope): Sql {
  if (scope.kind === 'operator') return { text: 'm.operator_id = ?', params: [scope.operatorId] };
  return scope.pointIds.length === 0 ? { text: '1 = 0', params: [] } : { text: 'm.point_id IN (?)', params: [scope.pointIds] };
}
