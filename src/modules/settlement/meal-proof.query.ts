import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { MealProofAnswer } from '../../contract/finance.js';
import { ageTierWords, categoryWords } from '../../contract/finance.words.js';
import { quoteFactsSchema, type QuoteFactsData } from '../../contract/policy.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import { factsFromStored, recomputeMeal, type StoredPrice } from '../../domain/pricing/index.js';
import { inForce, type Bilingual, type Payer } from '../../domain/subsidy/index.js';
import { parseJson } from '../../infra/database/columns.js';
import { PolicyBook } from '../subsidy/index.js';
import { scopeCondition, type FinanceScope } from './meal-lines.js';
import { PolicyMentions } from './policy-mentions.query.js';

interface MealRow {
  mealId: string; transferId: string; day: BusinessDay; period: string; channel: string; pointName: string; operatorName: string; contractNo: string;
  seniorName: string | null; sex: Sex | null; ageYears: number | null; ageTier: string; categoryCode: string | null; ruleId: string | null;
  grossFen: number; dueFen: number; policyVersionId: string | null; facts: unknown; explanation: unknown;
  identifiedBy: string; identification: unknown; deviceName: string | null; staffName: string | null; soldAt: Date; routeStopId: string | null;
}

interface EntryRow {
  transferId: string; position: number; kind: string; businessDay: BusinessDay; actorKind: string; contentHash: string; createdAt: Date;
  sealSeq: number | null; sealHash: string | null;
  accountKind: string; ownerCode: string; pointName: string | null; operatorName: string | null; amountFen: string | number;
}

interface ReversalRow { transferId: string; reason: string; note: string; staffName: string | null; day: BusinessDay; at: Date }

type Parts = StoredPrice['payers'][number][];

/** Everything that proves one meal: rule, payers, policy version, sentence, ledger entries, and how the diner was known. */
@Injectable()
export class MealProofs {
  constructor(private readonly dataSource: DataSource, private readonly mentions: PolicyMentions, private readonly book: PolicyBook) {}

  /** @returns null for a meal that does not exist or lies outside the scope */
  async proof(mealId: string, scope: FinanceScope): Promise<MealProofAnswer | null> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const meal = await this.meal(tx, mealId, scope);
      if (meal === null) return null;
      const parts = await this.parts(tx, 'meal_payer', mealId);
      const besides = await this.parts(tx, 'meal_operator_payment', mealId);
      const reversal = await this.reversal(tx, mealId);
      const { policies, payers } = await this.mentions.byIds(tx, meal.policyVersionId === null ? [] : [meal.policyVersionId]);
      const facts = quoteFactsSchema.safeParse(parseJson(meal.facts));
      const diner = meal.seniorName === null || meal.sex === null ? null : maskName(meal.seniorName, meal.sex);
      return {
        mealId, day: meal.day, period: meal.period, channel: meal.channel, pointName: meal.pointName, operatorName: meal.operatorName,
        contractNo: meal.contractNo, dinerName: diner, ageYears: meal.ageYears, ageTier: meal.ageTier, ageTierLabel: ageTierWords(meal.ageTier),
        category: categoryOf(meal, facts.success ? facts.data : null),
        grossFen: Number(meal.grossFen), dueFen: Number(meal.dueFen), deliveryFeeFen: facts.success ? facts.data.deliveryFeeFen ?? 0 : 0, reliefs: reliefsOf(parts, payers),
        operatorPayments: reliefsOf(besides, payers),
        explanation: parseJson<Bilingual>(meal.explanation), policy: policies[0] ?? null,
        recomputed: await this.recompute(tx, meal, { payers: parts, operatorPayments: besides }, facts.success ? facts.data : null),
        ledger: await this.ledger(tx, [meal.transferId, ...(reversal === null ? [] : [reversal.transferId])], diner, payers),
        proof: {
          identifiedBy: meal.identifiedBy, identification: parseJson(meal.identification), deviceName: meal.deviceName,
          staffName: meal.staffName, soldAt: meal.soldAt.toISOString(), routeStop: await this.routeStop(tx, meal.routeStopId),
        },
        reversal: reversal === null ? null : {
          reason: reversal.reason, note: reversal.note, staffName: reversal.staffName, day: reversal.day, at: reversal.at.toISOString(),
        },
      };
    });
  }

  private async meal(tx: EntityManager, mealId: string, scope: FinanceScope): Promise<MealRow | null> {
    const condition = scopeCondition(scope);
    const [row] = await tx.query<MealRow[]>(
      `SELECT m.id AS mealId, m.transfer_id AS transferId, m.business_day AS day, m.period, m.channel, p.name AS pointName,
              o.name AS operatorName, o.contract_no AS contractNo, s.name AS seniorName, s.sex, m.age_years AS ageYears,
              m.age_tier AS ageTier, m.category_code AS categoryCode, m.rule_id AS ruleId, m.gross_fen AS grossFen, m.due_fen AS dueFen,
              m.policy_version_id AS policyVersionId, m.facts, m.explanation, m.identified_by AS identifiedBy, m.identification,
              d.name AS deviceName, f.display_name AS staffName, m.sold_at AS soldAt, m.route_stop_id AS routeStopId
       FROM meal m JOIN point p ON p.id = m.point_id JOIN operator o ON o.id = m.operator_id
       LEFT JOIN senior s ON s.id = m.senior_id LEFT JOIN device d ON d.id = m.device_id LEFT JOIN staff f ON f.id = m.staff_id
       WHERE m.id = ? AND ${condition.text}`,
      [mealId, ...condition.params],
    );
    return row ?? null;
  }

  private async parts(tx: EntityManager, table: 'meal_payer' | 'meal_operator_payment', mealId: string): Promise<Parts> {
    const rows = await tx.query<Parts>(
      `SELECT payer_code AS payerCode, rule_id AS ruleId, amount_fen AS amountFen FROM ${table} WHERE meal_id = ? ORDER BY rule_id, payer_code`, [mealId],
    );
    return rows.map((row) => ({ ...row, amountFen: Number(row.amountFen) }));
  }

  private async reversal(tx: EntityManager, mealId: string): Promise<ReversalRow | null> {
    const [row] = await tx.query<ReversalRow[]>(
      `SELECT r.transfer_id AS transferId, r.reason, r.note, f.display_name AS staffName, r.business_day AS day, r.at
       FROM meal_reversal r LEFT JOIN staff f ON f.id = r.staff_id WHERE r.meal_id = ?`,
      [mealId],
    );
    return row ?? null;
  }

  private async recompute(tx: EntityManager, meal: MealRow, parts: { payers: Parts; operatorPayments: Parts }, facts: QuoteFactsData | null): Promise<MealProofAnswer['recomputed']> {
    if (facts === null) return { agrees: false, differences: ['facts'] };
    const policy = meal.policyVersionId === null ? null : await this.book.version(tx, meal.policyVersionId);
    const stored: StoredPrice = {
      grossFen: Number(meal.grossFen), dueFen: Number(meal.dueFen), policyVersionId: meal.policyVersionId, ruleId: meal.ruleId,
      ageYears: meal.ageYears, ageTier: meal.ageTier, categoryCode: meal.categoryCode, ...parts,
    };
    if (policy !== null && !inForce(policy, meal.day)) return { agrees: false, differences: ['policyVersionId'] };
    const { differences } = recomputeMeal(stored, factsFromStored(facts), policy);
    return { agrees: differences.length === 0, differences };
  }

  private async ledger(
    tx: EntityManager, transferIds: readonly string[], diner: string | null, payers: readonly Payer[],
  ): Promise<MealProofAnswer['ledger']> {
    const rows = await tx.query<EntryRow[]>(
      `SELECT t.id AS transferId, t.position, t.kind, t.business_day AS businessDay, t.actor_kind AS actorKind, t.content_hash AS contentHash,
              t.created_at AS createdAt, j.seq AS sealSeq, j.hash AS sealHash, a.kind AS accountKind, a.owner_code AS ownerCode,
              p.name AS pointName, o.name AS operatorName, e.amount_fen AS amountFen
       FROM transfer t LEFT JOIN journal_seal j ON j.transfer_id = t.id JOIN entry e ON e.transfer_id = t.id JOIN account a ON a.id = e.account_id
       LEFT JOIN point p ON p.id = a.point_id
       LEFT JOIN operator o ON a.kind = 'operator' AND o.id = SUBSTRING_INDEX(a.owner_code, ':', 1)
       WHERE t.id IN (?) ORDER BY t.position, e.amount_fen DESC, e.id`,
      [transferIds],
    );
    return transferIds.flatMap((id) => {
      const entries = rows.filter((row) => row.transferId === id);
      const [first] = entries;
      if (first === undefined) return [];
      return [{
        transferId: id, position: Number(first.position), kind: first.kind, businessDay: first.businessDay, actorKind: first.actorKind,
        contentHash: first.contentHash, sealSeq: first.sealSeq === null ? null : Number(first.sealSeq), sealHash: first.sealHash,
        createdAt: first.createdAt.toISOString(),
        entries: entries.map((row) => ({ accountKind: row.accountKind, accountName: accountName(row, diner, payers), amountFen: Number(row.amountFen) })),
      }];
    });
  }

  private async routeStop(tx: EntityManager, routeStopId: string | null): Promise<MealProofAnswer['proof']['routeStop']> {
    if (routeStopId === null) return null;
    const [row] = await tx.query<(Omit<NonNullable<MealProofAnswer['proof']['routeStop']>, 'resultAt'> & { resultAt: Date | null })[]>(
      `SELECT s.result, s.reason, s.received_by AS receivedBy, s.proof, s.result_at AS resultAt, c.name AS crewName
       FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN crew c ON c.id = t.crew_id WHERE s.id = ?`,
      [routeStopId],
    );
    return row === undefined ? null : { ...row, resultAt: row.resultAt?.toISOString() ?? null };
  }
}

function reliefsOf(parts: Parts, payers: readonly Payer[]): MealProofAnswer['reliefs'] {
  return [...new Set(parts.map((part) => part.ruleId))].map((ruleId) => ({
    ruleId,
    payers: parts.filter((part) => part.ruleId === ruleId)
      .map(({ payerCode, amountFen }) => ({ payerCode, amountFen, label: payerLabel(payers, payerCode) })),
  }));
}

function payerLabel(payers: readonly Payer[], code: string): Bilingual {
  return payers.find((payer) => payer.code === code)?.label ?? { zh: code, en: code };
}

/** The evidence as it stood at the sale, from the stored facts. */
function categoryOf(meal: MealRow, facts: QuoteFactsData | null): MealProofAnswer['category'] {
  const category = facts?.diner?.categories.find((one) =>
    one.code === meal.categoryCode && one.validFrom <= meal.day && (one.validTo === null || meal.day < one.validTo));
  if (category === undefined) return null;
  return { ...category, label: categoryWords(category.code) };
}

/** Whose account it is, without naming people in full. */
function accountName(row: EntryRow, diner: string | null, payers: readonly Payer[]): string {
  const place = row.pointName ?? '';
  switch (row.accountKind) {
    case 'operator': return `${row.operatorName ?? row.ownerCode} · ${place}`;
    case 'payer': return `${payerLabel(payers, row.ownerCode.split(':')[0] ?? '').zh} · ${place}`;
    case 'wallet':
    case 'debt': return diner ?? '';
    default: return place;
  }
}
