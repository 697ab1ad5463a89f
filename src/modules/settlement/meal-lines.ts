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

const COLUMNS = `m.id, m.transfer_id, m.senior_id, m.point_id, m.operator_id, m.period, m.channel, m.gross_fen, m.due_fen,
  m.age_tier, COALESCE(m.category_code, 'none') AS category, m.policy_version_id`;

/**
 * The lines of a report as a derived table: a meal on its day (sign 1) and its reversal on the day it was taken back
 * (sign -1), so that net figures are plain sums and a past period never changes. Columns: sign, day, is_reversed and
 * the meal's own.
 */
export function mealLines(filters: FinanceFilters, scope: FinanceScope): Sql {
  const where = mealConditions(filters, scope);
  return {
    text: `SELECT 1 AS sign, m.business_day AS day, r.meal_id IS NOT NULL AS is_reversed, m.sold_at AS at, ${COLUMNS}
       FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id
       WHERE m.business_day BETWEEN ? AND ? AND ${where.text}
       UNION ALL
       SELECT -1, r.business_day, 1, r.at, ${COLUMNS}
       FROM meal_reversal r JOIN meal m ON m.id = r.meal_id
       WHERE r.business_day BETWEEN ? AND ? AND ${where.text}`,
    params: [filters.from, filters.to, ...where.params, filters.from, filters.to, ...where.params],
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
