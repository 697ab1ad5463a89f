import type { EntityManager } from 'typeorm';
import { quoteFactsSchema } from '../../contract/policy.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { fen } from '../../domain/kernel/money.js';
import { factsFromStored, type PastMeal, type QuoteFacts, type StoredPrice } from '../../domain/pricing/index.js';
import { parseJson } from '../../infra/database/columns.js';

/** A meal as it was sold, with everything it was priced from. `facts` null: they cannot be read. */
export interface SoldMeal {
  readonly mealId: string;
  readonly seniorId: string | null;
  readonly pointId: string;
  readonly pointName: string;
  readonly day: BusinessDay;
  readonly period: string;
  readonly facts: QuoteFacts | null;
  readonly price: StoredPrice & { operatorPayments: StoredPrice['payers'] };
}

interface MealRow {
  mealId: string; seniorId: string | null; pointId: string; pointName: string; day: BusinessDay; period: string; facts: unknown;
  grossFen: string | number; dueFen: string | number; policyVersionId: string | null; ruleId: string | null; ageYears: number | null;
  ageTier: string; categoryCode: string | null;
}

interface PartRow { mealId: string; payerCode: string; ruleId: string; amountFen: number }

/** "2026-11" as its first day and the first day after it. */
export function daysOfMonth(month: string): { from: BusinessDay; to: BusinessDay } {
  const from = `${month}-01` as BusinessDay;
  return { from, to: `${addDays(from, 31).slice(0, 7)}-01` as BusinessDay };
}

/** Which meals a run looks at. `reversed`: whether meals that were taken back are among them. */
export interface MealSelection {
  readonly streetId: string;
  readonly reversed: boolean;
  readonly seniorId?: string;
}

/** By day first: a day's meals of a street are few, the meals of its points over the years are many. */
const JOINS = `FROM meal m FORCE INDEX (ix_meal_day) JOIN point p ON p.id = m.point_id JOIN community c ON c.id = p.community_id
  LEFT JOIN meal_reversal r ON r.meal_id = m.id`;

function whereOf({ streetId, reversed, seniorId }: MealSelection): { sql: string; params: string[] } {
  return {
    sql: `c.street_id = ?${reversed ? '' : ' AND r.meal_id IS NULL'}${seniorId === undefined ? '' : ' AND m.senior_id = ?'}`,
    params: [streetId, ...(seniorId === undefined ? [] : [seniorId])],
  };
}

export async function countMeals(tx: EntityManager, selection: MealSelection, from: BusinessDay, to: BusinessDay): Promise<number> {
  const where = whereOf(selection);
  const [row] = await tx.query<{ meals: string | number }[]>(
    `SELECT COUNT(*) AS meals ${JOINS} WHERE m.business_day >= ? AND m.business_day < ? AND ${where.sql}`, [from, to, ...where.params],
  );
  return Number(row?.meals ?? 0);
}

/** The meals of the days [from, to) in the order of sale, all of one person or of one day of the street at a time. */
export async function mealsBetween(tx: EntityManager, selection: MealSelection, from: BusinessDay, to: BusinessDay): Promise<SoldMeal[]> {
  const where = whereOf(selection);
  const rows = await tx.query<MealRow[]>(
    `SELECT m.id AS mealId, m.senior_id AS seniorId, m.point_id AS pointId, p.name AS pointName, m.business_day AS day, m.period, m.facts,
            m.gross_fen AS grossFen, m.due_fen AS dueFen, m.policy_version_id AS policyVersionId, m.rule_id AS ruleId,
            m.age_years AS ageYears, m.age_tier AS ageTier, m.category_code AS categoryCode
     ${selection.seniorId === undefined ? JOINS : JOINS.replace('ix_meal_day', 'ix_meal_senior')} WHERE m.business_day >= ? AND m.business_day < ? AND ${where.sql} ORDER BY m.business_day, m.sold_at, m.id`,
    [from, to, ...where.params],
  );
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.mealId);
  const payers = await partsOf(tx, 'meal_payer', ids);
  const operatorPayments = await partsOf(tx, 'meal_operator_payment', ids);
  return rows.map((row) => ({
    mealId: row.mealId, seniorId: row.seniorId, pointId: row.pointId, pointName: row.pointName, day: row.day, period: row.period, facts: factsOf(row.facts),
    price: {
      grossFen: Number(row.grossFen), dueFen: Number(row.dueFen), policyVersionId: row.policyVersionId, ruleId: row.ruleId, ageYears: row.ageYears,
      ageTier: row.ageTier, categoryCode: row.categoryCode, payers: payers.get(row.mealId) ?? [], operatorPayments: operatorPayments.get(row.mealId) ?? [],
    },
  }));
}

/** The meal as a rehearsal takes it; null where its facts cannot be read. */
export function pastMealOf(meal: SoldMeal): PastMeal | null {
  if (meal.facts === null) return null;
  const amounts = (parts: StoredPrice['payers']): PastMeal['payers'] => parts.map(({ payerCode, amountFen }) => ({ payerCode, amountFen: fen(amountFen) }));
  return {
    mealId: meal.mealId, seniorId: meal.seniorId, pointId: meal.pointId, facts: meal.facts, dueFen: fen(meal.price.dueFen), ageTier: meal.price.ageTier,
    payers: amounts(meal.price.payers), operatorPayments: amounts(meal.price.operatorPayments),
  };
}

async function partsOf(tx: EntityManager, table: 'meal_payer' | 'meal_operator_payment', ids: readonly string[]): Promise<Map<string, PartRow[]>> {
  const rows = await tx.query<PartRow[]>(
    `SELECT meal_id AS mealId, payer_code AS payerCode, rule_id AS ruleId, amount_fen AS amountFen FROM ${table} WHERE meal_id IN (?)`, [ids],
  );
  const parts = new Map<string, PartRow[]>();
  for (const row of rows) {
    const known = parts.get(row.mealId);
    const part = { ...row, amountFen: Number(row.amountFen) };
    if (known === undefined) parts.set(row.mealId, [part]);
    else known.push(part);
  }
  return parts;
}

function factsOf(stored: unknown): QuoteFacts | null {
  const facts = quoteFactsSchema.safeParse(parseJson(stored));
  return facts.success ? factsFromStored(facts.data) : null;
}
