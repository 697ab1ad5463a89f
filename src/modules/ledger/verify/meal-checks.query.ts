import type { EntityManager } from 'typeorm';
import { quoteFactsSchema } from '../../../contract/policy.js';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { factsFromStored, recomputeMeal, type MealQuote, type StoredPrice } from '../../../domain/pricing/index.js';
import type { SubsidyPolicy } from '../../../domain/subsidy/index.js';
import { parseJson } from '../../../infra/database/columns.js';
import type { PolicyBook } from '../../subsidy/index.js';
import { Finding } from './finding.js';

const BATCH = 500;

interface MealRow extends Omit<StoredPrice, 'payers'> {
  id: string;
  transferId: string;
  seniorId: string | null;
  day: BusinessDay;
  period: string;
  channel: string;
  facts: unknown;
  reversed: number;
}

interface PostedRow {
  transferId: string;
  kind: string;
  ownerCode: string;
  amountFen: string | number;
}

interface MealDetails {
  payers: Map<string, StoredPrice['payers'][number][]>;
  operatorPayments: Map<string, StoredPrice['payers'][number][]>;
  slots: Map<string, string[]>;
  posted: Map<string, PostedRow[]>;
}

/** I4 (one charge per key, caps) and I10 (claims recompute), page by page in the order of meal ids. */
export async function checkMeals(tx: EntityManager, book: PolicyBook): Promise<{ once: Finding; claims: Finding }> {
  const once = new Finding('I4');
  const claims = new Finding('I10');
  await checkKeys(tx, once);
  const policies = new Map<string, SubsidyPolicy | null>();
  for (let after = ''; ;) {
    const meals = await page(tx, after);
    claims.counted('meals', meals.length);
    const details = await detailsOf(tx, meals);
    for (const meal of meals) {
      const policy = await policyOf(tx, book, policies, meal.policyVersionId);
      checkMeal(meal, details, policy, once, claims);
    }
    const last = meals.at(-1);
    if (last === undefined || meals.length < BATCH) break;
    after = last.id;
  }
  claims.counted('policy versions', policies.size);
  return { once, claims };
}

/** The unique keys of the database promise both; the checker trusts rows, not keys. */
async function checkKeys(tx: EntityManager, once: Finding): Promise<void> {
  const keys = await tx.query<{ scope: string; uses: number }[]>(
    `SELECT idempotency_scope AS scope, COUNT(*) AS uses FROM transfer
     GROUP BY idempotency_scope, idempotency_key HAVING uses > 1 LIMIT 100`,
  );
  for (const key of keys) once.violation(`one key of ${key.scope} charged ${key.uses} times`);
  const slots = await tx.query<{ seniorId: string; day: string; slot: string; uses: number }[]>(
    `SELECT senior_id AS seniorId, business_day AS day, slot, COUNT(*) AS uses FROM entitlement_use
     WHERE active = 1 GROUP BY senior_id, business_day, slot HAVING uses > 1 LIMIT 100`,
  );
  for (const use of slots) once.violation(`senior ${use.seniorId} used ${use.slot} of ${use.day} ${use.uses} times`);
}

function page(tx: EntityManager, after: string): Promise<MealRow[]> {
  return tx.query(
    `SELECT m.id, m.transfer_id AS transferId, m.senior_id AS seniorId, COALESCE(ll.meal_day, m.business_day) AS day, m.period, m.channel,
            m.gross_fen AS grossFen, m.due_fen AS dueFen, m.policy_version_id AS policyVersionId, m.rule_id AS ruleId,
            m.age_years AS ageYears, m.age_tier AS ageTier, m.category_code AS categoryCode, m.facts,
            r.meal_id IS NOT NULL AS reversed
     FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id
     LEFT JOIN late_line ll ON ll.meal_id = m.id AND ll.booked_on = m.business_day WHERE m.id > ? ORDER BY m.id LIMIT ?`,
    [after, BATCH],
  );
}

async function detailsOf(tx: EntityManager, meals: readonly MealRow[]): Promise<MealDetails> {
  if (meals.length === 0) return { payers: new Map(), operatorPayments: new Map(), slots: new Map(), posted: new Map() };
  const ids = meals.map((meal) => meal.id);
  const payers = await tx.query<(StoredPrice['payers'][number] & { mealId: string })[]>(
    'SELECT meal_id AS mealId, payer_code AS payerCode, rule_id AS ruleId, amount_fen AS amountFen FROM meal_payer WHERE meal_id IN (?)', [ids],
  );
  const operatorPayments = await tx.query<(StoredPrice['payers'][number] & { mealId: string })[]>(
    'SELECT meal_id AS mealId, payer_code AS payerCode, rule_id AS ruleId, amount_fen AS amountFen FROM meal_operator_payment WHERE meal_id IN (?)', [ids],
  );
  const slots = await tx.query<{ mealId: string; slot: string }[]>(
    'SELECT meal_id AS mealId, slot FROM entitlement_use WHERE active = 1 AND meal_id IN (?)', [ids],
  );
  const posted = await tx.query<PostedRow[]>(
    `SELECT e.transfer_id AS transferId, a.kind, a.owner_code AS ownerCode, e.amount_fen AS amountFen
     FROM entry e JOIN account a ON a.id = e.account_id WHERE e.transfer_id IN (?)`,
    [meals.map((meal) => meal.transferId)],
  );
  return {
    payers: groupBy(payers, (part) => part.mealId, partOf),
    operatorPayments: groupBy(operatorPayments, (part) => part.mealId, partOf),
    slots: groupBy(slots, (use) => use.mealId, (use) => use.slot),
    posted: groupBy(posted, (row) => row.transferId, (row) => row),
  };
}

function partOf({ payerCode, ruleId, amountFen }: StoredPrice['payers'][number]): StoredPrice['payers'][number] {
  return { payerCode, ruleId, amountFen: Number(amountFen) };
}

function groupBy<Row, Value>(rows: readonly Row[], keyOf: (row: Row) => string, valueOf: (row: Row) => Value): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [valueOf(row)]);
    else group.push(valueOf(row));
  }
  return groups;
}

async function policyOf(
  tx: EntityManager, book: PolicyBook, known: Map<string, SubsidyPolicy | null>, versionId: string | null,
): Promise<SubsidyPolicy | null> {
  if (versionId === null) return null;
  const cached = known.get(versionId);
  if (cached !== undefined) return cached;
  const policy = await book.version(tx, versionId).catch(() => null);
  known.set(versionId, policy);
  return policy;
}

function checkMeal(meal: MealRow, details: MealDetails, policy: SubsidyPolicy | null, once: Finding, claims: Finding): void {
  const slots = details.slots.get(meal.id) ?? [];
  const reversed = Number(meal.reversed) === 1;
  if (reversed && slots.length > 0) once.violation(`meal ${meal.id} was taken back and still holds ${slots.join(', ')}`);
  const stored = storedPrice(meal, details.payers.get(meal.id) ?? [], details.operatorPayments.get(meal.id) ?? []);
  const quote = recompute(meal, stored, policy, claims);
  checkPostings(meal, stored, details.posted.get(meal.transferId) ?? [], claims);
  if (quote === null || quote.reliefs.length === 0) return;
  claims.counted('subsidised meals', 1);
  once.counted('subsidised meals', 1);
  const missing = reversed ? [] : quote.entitlementSlots.filter((slot) => !slots.includes(slot));
  if (missing.length > 0) once.violation(`meal ${meal.id} was subsidised without holding ${missing.join(', ')}`);
}

function storedPrice(meal: MealRow, payers: StoredPrice['payers'], operatorPayments: StoredPrice['payers']): StoredPrice {
  const { policyVersionId, ruleId, ageYears, ageTier, categoryCode } = meal;
  return { policyVersionId, ruleId, ageYears, ageTier, categoryCode, payers, operatorPayments, grossFen: Number(meal.grossFen), dueFen: Number(meal.dueFen) };
}

function recompute(meal: MealRow, stored: StoredPrice, policy: SubsidyPolicy | null, claims: Finding): MealQuote | null {
  const facts = quoteFactsSchema.safeParse(parseJson(meal.facts));
  if (!facts.success) {
    claims.violation(`meal ${meal.id} has no facts to price it from`);
    return null;
  }
  if (meal.policyVersionId !== null && policy === null) {
    claims.violation(`meal ${meal.id} names a policy version that cannot be read`);
    return null;
  }
  const { day, period, channel } = facts.data;
  if (day !== meal.day || period !== meal.period || channel !== meal.channel) {
    claims.violation(`meal ${meal.id} was priced for ${day} ${period} ${channel}`);
  }
  try {
    const { quote, differences } = recomputeMeal(stored, factsFromStored(facts.data), policy);
    if (differences.length > 0) claims.violation(`meal ${meal.id} differs in ${differences.join(', ')}`);
    return quote;
  } catch (error) {
    claims.violation(`meal ${meal.id}: ${error instanceof Error ? error.message : 'cannot be priced'}`);
    return null;
  }
}

/** What the meal says and what its transfer posted are the same: gross and payments to the operator, parts from diner and payers. */
function checkPostings(meal: MealRow, stored: StoredPrice, posted: readonly PostedRow[], claims: Finding): void {
  const sums = new Map<string, number>();
  const add = (name: string, amount: number): void => { sums.set(name, (sums.get(name) ?? 0) + amount); };
  for (const row of posted) {
    const name = row.kind === 'payer' ? `payer ${row.ownerCode.split(':')[0]}` : row.kind === 'operator' ? 'operator' : 'diner';
    add(name, Number(row.amountFen));
  }
  add('operator', -stored.grossFen);
  add('diner', stored.dueFen);
  for (const payment of stored.operatorPayments ?? []) {
    add('operator', -payment.amountFen);
    add(`payer ${payment.payerCode}`, payment.amountFen);
  }
  for (const part of stored.payers) add(`payer ${part.payerCode}`, part.amountFen);
  const wrong = [...sums].filter(([, rest]) => rest !== 0).map(([name]) => name);
  if (wrong.length > 0) claims.violation(`meal ${meal.id} and its transfer differ for ${wrong.join(', ')}`);
}
