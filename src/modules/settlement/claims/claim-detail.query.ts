import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClaimAnswer, ClaimGroup, ClaimHeadData, ClaimLineData } from '../../../contract/finance-claims.js';
import { ageTierWords, categoryWords, TENDER_WORDS } from '../../../contract/finance.words.js';
import { businessDayOf } from '../../../domain/kernel/business-day.js';
import { countsFor, firstDayOf, lastDayOf, parseMonth, type ClaimParty } from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import { PolicyMentions } from '../policy-mentions.query.js';
import { DISTINCT_PERSONS, PERSON_ROWS } from '../rollup/rollup-lines.js';
import { ClaimHeads } from './claim-heads.query.js';
import { ClaimPapers } from './claim-papers.js';
import { ClaimStore } from './claim-store.js';
import { UnfitMealDays } from './unfit-meals.query.js';

type Words = ClaimGroup['label'];
type LineRow = Omit<ClaimLineData, 'grossFen' | 'dueFen' | 'amountFen'> & { grossFen: string; dueFen: string; amountFen: string };

/** One claim whole: its lines as they were stored, summed for reading, with papers, policies and the acts of people. */
@Injectable()
export class ClaimDetails {
  constructor(
    private readonly dataSource: DataSource, private readonly heads: ClaimHeads, private readonly store: ClaimStore, private readonly mentions: PolicyMentions,
    private readonly papers: ClaimPapers, private readonly unfitDays: UnfitMealDays, private readonly clock: Clock,
  ) {}

  /** @returns null for a claim that does not exist or belongs to another street */
  async claim(streetId: string, claimId: string): Promise<{ answer: ClaimAnswer; lines: ClaimLineData[] } | null> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const head = await this.heads.one(tx, streetId, claimId);
      if (head === null) return null;
      const lines = await this.lines(tx, claimId);
      const points = await this.names(tx, 'point', lines.map((line) => line.pointId));
      const labels = await this.heads.labels(tx, await this.store.pointsOf(tx, streetId));
      const persons = await this.persons(tx, streetId, head);
      const versions = [...new Set(lines.map((line) => line.policyVersionId).filter((id) => id !== ''))];
      const answer: ClaimAnswer = {
        ...head, streetName: await this.streetName(tx, streetId), ...groups(head, lines, { points, labels, persons }),
        adjustments: lines.filter((line) => line.kind === 'adjustment' && (countsFor(partyOf(head), line) || line.line === 'meal'))
          .map((line) => ({ ...line, pointName: points.get(line.pointId)?.zh ?? line.pointId })),
        deliveries: deliveries(lines), advances: await this.advances(tx, lines), carried: await this.carried(tx, lines), deliveryFeesFen: await this.deliveryFees(tx, streetId, head),
        operators: await this.papers.of(tx, claimId, parseMonth(head.month), head.frozenAt === null ? this.clock.today() : businessDayOf(new Date(head.frozenAt))),
        unfit: await this.unfit(tx, streetId, head),
        policies: (await this.mentions.byIds(tx, versions)).policies,
        acts: await this.acts(tx, claimId), root: await this.root(tx, head.throughSeq),
      };
      return { answer, lines };
    });
  }

  private async lines(tx: EntityManager, claimId: string): Promise<ClaimLineData[]> {
    const rows = await tx.query<LineRow[]>(
      `SELECT l.line_no AS lineNo, l.kind, l.line, l.party_code AS partyCode, l.point_id AS pointId, l.operator_id AS operatorId, l.period, l.channel,
              l.age_tier AS ageTier, l.category_code AS categoryCode, l.rule_id AS ruleId, l.policy_version_id AS policyVersionId, l.sold, l.reversed,
              l.gross_fen AS grossFen, l.due_fen AS dueFen, l.amount_fen AS amountFen, l.cause, l.adjusts_claim_id AS adjustsClaimId,
              c.month AS adjustsMonth, l.adjusts_meal_id AS adjustsMealId, l.adjusts_day AS adjustsDay, l.source_id AS sourceId
       FROM month_claim_line l LEFT JOIN month_claim c ON c.id = l.adjusts_claim_id WHERE l.claim_id = ? ORDER BY l.line_no`,
      [claimId],
    );
    return rows.map((row) => ({ ...row, grossFen: Number(row.grossFen), dueFen: Number(row.dueFen), amountFen: Number(row.amountFen) }));
  }

  private async names(tx: EntityManager, table: 'point' | 'operator', ids: readonly string[]): Promise<Map<string, Words>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<{ id: string; name: string }[]>(`SELECT id, name FROM ${table} WHERE id IN (?)`, [[...new Set(ids)]]);
    return new Map(rows.map(({ id, name }) => [id, { zh: name, en: name }]));
  }

  /** People with a meal left, by point, tier and category; whoever changes tier within the month counts in both. */
  private async persons(tx: EntityManager, streetId: string, head: ClaimHeadData): Promise<Record<PersonGroup, Map<string, number>>> {
    const pointIds = await this.store.pointsOf(tx, streetId);
    const operator = head.partyKind === 'operator';
    const by = async (column: string): Promise<Map<string, number>> => {
      const rows = await tx.query<{ name: string; persons: string }[]>(
        `SELECT x.${column} AS name, ${DISTINCT_PERSONS} AS persons FROM ${PERSON_ROWS}
         WHERE x.party_code = ? AND x.month = ? AND x.point_id IN (?) AND x.meals > 0 ${operator ? 'AND x.operator_id = ?' : ''} GROUP BY x.${column}`,
        [operator ? '' : head.partyCode, head.month, pointIds, ...(operator ? [head.partyCode] : [])],
      );
      return new Map(rows.map((row) => [row.name, Number(row.persons)]));
    };
    return { pointId: await by('point_id'), ageTier: await by('age_tier'), categoryCode: await by('category_code') };
  }

  /** What of an operator's gross of the month was for bringing meals; nothing is read where the street charges nothing. */
  private async deliveryFees(tx: EntityManager, streetId: string, head: ClaimHeadData): Promise<number> {
    const [from, to] = [firstDayOf(parseMonth(head.month)), lastDayOf(parseMonth(head.month))];
    const [fee] = await tx.query<unknown[]>('SELECT 1 FROM delivery_fee WHERE street_id = ? AND fee_fen > 0 AND valid_from <= ? LIMIT 1', [streetId, to]);
    if (fee === undefined || head.partyKind === 'payer') return 0;
    const [row] = await tx.query<{ fen: string | null }[]>(
      `SELECT SUM(JSON_VALUE(m.facts, '$.deliveryFeeFen')) AS fen FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id AND r.business_day <= ?
       WHERE m.business_day BETWEEN ? AND ? AND m.point_id IN (?) AND m.operator_id = ? AND m.channel = 'delivery' AND r.meal_id IS NULL`,
      [to, from, to, await this.store.pointsOf(tx, streetId), head.partyCode],
    );
    return Number(row?.fen ?? 0);
  }

  private async advances(tx: EntityManager, lines: readonly ClaimLineData[]): Promise<ClaimAnswer['advances']> {
    const taken = new Map(lines.filter((line) => line.line === 'advance').map((line) => [line.sourceId ?? '', line.amountFen]));
    if (taken.size === 0) return [];
    const rows = await tx.query<Omit<ClaimAnswer['advances'][number], 'amountFen'>[]>(
      `SELECT id AS advanceId, first_day AS firstDay, last_day AS lastDay, paid_on AS paidOn, bank_reference AS bankReference FROM advance_request WHERE id IN (?) ORDER BY paid_at, id`,
      [[...taken.keys()]],
    );
    return rows.map((row) => ({ ...row, amountFen: taken.get(row.advanceId) ?? 0 }));
  }

  private async unfit(tx: EntityManager, streetId: string, head: ClaimHeadData): Promise<ClaimAnswer['unfit']> {
    if (head.frozenAt !== null) return this.unfitDays.kept(tx, head.claimId);
    const party = partyOf(head);
    return this.unfitDays.asked(tx, {
      pointIds: await this.store.pointsOf(tx, streetId), party, month: parseMonth(head.month), frozen: await this.store.frozen(tx, streetId, party),
    });
  }

  private async carried(tx: EntityManager, lines: readonly ClaimLineData[]): Promise<ClaimAnswer['carried']> {
    const taken = new Map(lines.filter((line) => line.line === 'carried').map((line) => [line.sourceId ?? '', line.amountFen]));
    if (taken.size === 0) return [];
    const rows = await tx.query<{ claimId: string; month: string }[]>('SELECT id AS claimId, month FROM month_claim WHERE id IN (?) ORDER BY month', [[...taken.keys()]]);
    return rows.map((row) => ({ ...row, amountFen: taken.get(row.claimId) ?? 0 }));
  }

  private async acts(tx: EntityManager, claimId: string): Promise<ClaimAnswer['acts']> {
    const rows = await tx.query<{ act: string; staffName: string | null; at: Date; note: string }[]>(
      'SELECT a.act, s.display_name AS staffName, a.at, a.note FROM month_claim_act a LEFT JOIN staff s ON s.id = a.staff_id WHERE a.claim_id = ? ORDER BY a.id', [claimId],
    );
    return rows.map((row) => ({ ...row, staffName: row.staffName ?? '', at: row.at.toISOString() }));
  }

  /** The first root that covers everything the claim has seen; null until that day has ended. */
  private async root(tx: EntityManager, throughSeq: number): Promise<ClaimAnswer['root']> {
    const [row] = await tx.query<{ day: string; lastSeq: string; hash: string }[]>(
      'SELECT business_day AS day, last_seq AS lastSeq, COALESCE(day_seal, root_hash) AS hash FROM journal_root WHERE last_seq >= ? ORDER BY business_day LIMIT 1', [throughSeq],
    );
    return row === undefined ? null : { ...row, lastSeq: Number(row.lastSeq) };
  }

  private async streetName(tx: EntityManager, streetId: string): Promise<string> {
    const [row] = await tx.query<{ name: string }[]>('SELECT name FROM street WHERE id = ?', [streetId]);
    return row?.name ?? '';
  }
}

type PersonGroup = 'pointId' | 'ageTier' | 'categoryCode';
interface Naming { points: ReadonlyMap<string, Words>; labels: ReadonlyMap<string, Words>; persons: Record<PersonGroup, ReadonlyMap<string, number>> }

const plain = (text: string): Words => ({ zh: text, en: text });
const partyOf = (head: ClaimHeadData): ClaimParty => ({ kind: head.partyKind, code: head.partyCode });

/** Agreed stops, by the day on which they were carried. */
function deliveries(lines: readonly ClaimLineData[]): ClaimAnswer['deliveries'] {
  const days = new Map<string, { day: string; stops: number; amountFen: number }>();
  for (const line of lines) {
    if (line.line !== 'delivery' || line.adjustsDay === null) continue;
    const sum = days.get(line.adjustsDay) ?? { day: line.adjustsDay, stops: 0, amountFen: 0 };
    days.set(line.adjustsDay, { ...sum, stops: sum.stops + line.sold, amountFen: sum.amountFen + line.amountFen });
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Sums of the lines of meals, adjustments included, so that each table adds up to what is payable for meals. */
function groups(head: ClaimHeadData, lines: readonly ClaimLineData[], naming: Naming): Pick<ClaimAnswer, 'points' | 'ageTiers' | 'categories' | 'rules' | 'payers' | 'tenders'> {
  const party = partyOf(head);
  const countsMeals = (line: ClaimLineData): boolean => line.line === (party.kind === 'payer' ? 'relief' : 'meal');
  const ofMeals = (line: ClaimLineData): boolean => line.line !== 'delivery' && line.line !== 'advance' && line.line !== 'carried';
  const counted = lines.filter((line) => ofMeals(line) && (countsFor(party, line) || countsMeals(line)));
  const paid = (line: ClaimLineData): number => (countsFor(party, line) ? line.amountFen : 0);
  const meals = (line: ClaimLineData): number => (countsMeals(line) ? line.sold - line.reversed : 0);
  const by = (keyOf: (line: ClaimLineData) => string, label: (key: string) => Words, persons: ReadonlyMap<string, number> | null, from = counted): ClaimGroup[] => {
    const sums = new Map<string, ClaimGroup>();
    for (const line of from) {
      const key = keyOf(line);
      const sum = sums.get(key) ?? { key, label: label(key), persons: persons === null ? null : persons.get(key) ?? 0, meals: 0, amountFen: 0 };
      sums.set(key, { ...sum, meals: sum.meals + (from === counted ? meals(line) : line.sold - line.reversed), amountFen: sum.amountFen + (from === counted ? paid(line) : line.amountFen) });
    }
    return [...sums.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  };
  const payerLabel = (code: string): Words => naming.labels.get(`payer ${code}`) ?? plain(code);
  return {
    points: by((line) => line.pointId, (key) => naming.points.get(key) ?? plain(key), naming.persons.pointId),
    ageTiers: by((line) => line.ageTier, ageTierWords, naming.persons.ageTier),
    categories: by((line) => line.categoryCode, categoryWords, naming.persons.categoryCode),
    rules: by((line) => line.ruleId, plain, null, lines.filter((line) => ofMeals(line) && countsFor(party, line))).map((rule) => ({ ...rule, meals: mealsUnder(rule.key, party, lines) })),
    payers: by((line) => line.partyCode, payerLabel, null, lines.filter((line) => line.line === 'relief' || line.line === 'operator-payment')),
    tenders: by((line) => line.partyCode, (key) => TENDER_WORDS[key] ?? plain(key), null, lines.filter((line) => line.line === 'tender')),
  };
}

/** Meals that a rule eased: several payers share one, so those of the payer that bore most of them are counted. */
function mealsUnder(ruleId: string, party: ClaimParty, lines: readonly ClaimLineData[]): number {
  const byPayer = new Map<string, number>();
  for (const line of lines) {
    if (line.ruleId === ruleId && countsFor(party, line)) byPayer.set(line.partyCode, (byPayer.get(line.partyCode) ?? 0) + line.sold - line.reversed);
  }
  return Math.max(0, ...byPayer.values());
}
