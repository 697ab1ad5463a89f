import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClaimHeadData, ClaimListAnswer } from '../../../contract/finance-claims.js';
import { businessDayOf } from '../../../domain/kernel/business-day.js';
import { ageingOf, CATERER_PAYER, firstDayOf, isOver, lastDayOf, parseMonth, type ClaimMonth, type ClaimParty } from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import { PolicyMentions } from '../policy-mentions.query.js';
import { CARRIED_BY, STANDING } from './claim-credits.query.js';
import { ClaimStore } from './claim-store.js';

type Words = { zh: string; en: string };
/** A row as the database hands it over: sums as numbers or text, by column type. */
interface HeadRow {
  claimId: string; month: string; partyKind: ClaimParty['kind']; partyCode: string; status: ClaimHeadData['status']; snapshotId: string;
  throughSeq: string; sealHash: string; detailHash: string; persons: number; meals: number; grossFen: string; dueFen: string; amountFen: string;
  adjustmentFen: string; deliveryFen: string; advanceFen: string; carriedFen: string; payableFen: string; madeAt: Date; frozenAt: Date | null;
  bankReference: string | null; paidOn: string | null; paidFen: string | null; payer: string | null; undoAsked: number; carriedToId: string | null; carriedToMonth: string | null;
}
interface PartyRow { partyKind: ClaimParty['kind']; partyCode: string; amountFen: string; meals: string }

const HEAD = `SELECT c.id AS claimId, c.month, c.party_kind AS partyKind, c.party_code AS partyCode, c.status, c.snapshot_id AS snapshotId,
    c.through_seq AS throughSeq, c.seal_hash AS sealHash, c.detail_hash AS detailHash, c.persons, c.meals, c.gross_fen AS grossFen, c.due_fen AS dueFen,
    c.amount_fen AS amountFen, c.adjustment_fen AS adjustmentFen, c.delivery_fen AS deliveryFen, c.advance_fen AS advanceFen, c.carried_fen AS carriedFen, c.payable_fen AS payableFen, c.made_at AS madeAt, c.frozen_at AS frozenAt,
    p.bank_reference AS bankReference, p.paid_on AS paidOn, p.amount_fen AS paidFen, s.display_name AS payer,
    EXISTS (SELECT 1 FROM payment_undo u WHERE u.transfer_id = p.transfer_id AND u.state = 'asked') AS undoAsked,
    n.id AS carriedToId, n.month AS carriedToMonth
  FROM month_claim c LEFT JOIN month_claim_payment p ON p.claim_id = c.id AND ${STANDING} LEFT JOIN staff s ON s.id = p.staff_id
  LEFT JOIN month_claim_line k ON ${CARRIED_BY} LEFT JOIN month_claim n ON n.id = k.claim_id AND n.status = 'frozen'`;
const OPEN = "c.street_id = ? AND c.status = 'frozen' AND p.claim_id IS NULL";

/** Heads of claims, what each party has in the month, and what waits for its money. */
@Injectable()
export class ClaimHeads {
  constructor(
    private readonly dataSource: DataSource, private readonly store: ClaimStore, private readonly mentions: PolicyMentions, private readonly clock: Clock,
  ) {}

  async list(streetId: string, monthText: string): Promise<ClaimListAnswer> {
    const month = parseMonth(monthText);
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const pointIds = await this.store.pointsOf(tx, streetId);
      const labels = await this.labels(tx, pointIds);
      const parties = pointIds.length === 0 ? [] : await this.parties(tx, pointIds, month);
      const claims = await this.heads(tx, labels, 'c.street_id = ? AND c.month = ?', [streetId, month]);
      const [state] = await tx.query<{ through: string; newest: string | null }[]>(
        "SELECT through_seq AS through, (SELECT MAX(seq) FROM journal_seal) AS newest FROM meal_rollup_state WHERE name = 'meals'");
      const throughSeq = Number(state?.through ?? 0);
      const known = new Set(parties.map((party) => keyOf(party)));
      return {
        month, isOver: isOver(month, this.clock.today()),
        parties: [
          ...parties.map(({ amountFen, meals, ...party }) => ({
            ...party, label: labelOf(labels, party), currentFen: Number(amountFen), meals: Number(meals),
            claim: claims.find((claim) => keyOf(claim) === keyOf(party)) ?? null,
          })),
          ...claims.filter((claim) => !known.has(keyOf(claim))).map((claim) => ({
            partyKind: claim.partyKind, partyCode: claim.partyCode, label: claim.partyLabel, currentFen: 0, meals: 0, claim,
          })),
        ],
        unpaid: await this.heads(tx, labels, `${OPEN} AND (c.payable_fen > 0 OR (c.payable_fen = 0 AND (c.advance_fen <> 0 OR c.carried_fen <> 0)))`, [streetId]),
        credits: await this.heads(tx, labels, `${OPEN} AND c.payable_fen < 0 AND n.id IS NULL`, [streetId]),
        rollup: { throughSeq, waiting: Number(state?.newest ?? 0) - throughSeq }, generatedAt: this.clock.now().toISOString(),
      };
    });
  }

  /** @returns null for a claim that does not exist or belongs to another street */
  async one(tx: EntityManager, streetId: string, claimId: string): Promise<ClaimHeadData | null> {
    const labels = await this.labels(tx, await this.store.pointsOf(tx, streetId));
    const [head] = await this.heads(tx, labels, 'c.street_id = ? AND c.id = ?', [streetId, claimId]);
    return head ?? null;
  }

  /** Payers other than the caterer itself, then operators with their meals, agreed deliveries or advances to take off, as the month stands now. */
  private async parties(tx: EntityManager, pointIds: readonly string[], month: ClaimMonth): Promise<PartyRow[]> {
    const params = [pointIds, month];
    const where = 'point_id IN (?) AND month = ?';
    const rows = await tx.query<PartyRow[]>(
      `SELECT 'payer' AS partyKind, party_code AS partyCode, SUM(sign * amount_fen) AS amountFen, SUM(IF(line = 'relief', sign * meals, 0)) AS meals
       FROM meal_rollup_month WHERE ${where} AND line IN ('relief', 'operator-payment') AND party_code <> ? GROUP BY party_code
       UNION ALL
       SELECT 'operator', operator_id, SUM(IF((line = 'relief' AND party_code <> ?) OR line = 'operator-payment', sign * amount_fen, 0)),
              SUM(IF(line = 'meal', sign * meals, 0))
       FROM meal_rollup_month WHERE ${where} GROUP BY operator_id`,
      [...params, CATERER_PAYER, CATERER_PAYER, ...params],
    );
    const delivered = await tx.query<{ partyCode: string; amountFen: string }[]>(
      `SELECT y.operator_id AS partyCode, SUM(y.amount_fen) AS amountFen FROM contractor_payable y
       JOIN route_stop s ON s.id = y.route_stop_id JOIN meal_order o ON o.id = s.meal_order_id
       WHERE y.agreed_on BETWEEN ? AND ? AND o.point_id IN (?) GROUP BY y.operator_id`, [firstDayOf(month), lastDayOf(month), pointIds],
    );
    const advanced = await tx.query<{ partyCode: string; amountFen: string }[]>(
      `SELECT a.operator_id AS partyCode, 0 AS amountFen FROM advance_request a JOIN point p ON p.id IN (?) JOIN community c ON c.id = p.community_id AND c.street_id = a.street_id
       WHERE a.state = 'paid' AND a.first_day <= ? GROUP BY a.operator_id`, [pointIds, lastDayOf(month)],
    );
    return withDeliveries(rows, [...advanced, ...delivered]);
  }

  private async heads(tx: EntityManager, labels: ReadonlyMap<string, Words>, where: string, params: readonly unknown[]): Promise<ClaimHeadData[]> {
    const rows = await tx.query<HeadRow[]>(`${HEAD} WHERE ${where} ORDER BY c.month, c.party_kind DESC, c.party_code`, [...params]);
    return rows.map((row) => this.head(row, labels));
  }

  private head(row: HeadRow, labels: ReadonlyMap<string, Words>): ClaimHeadData {
    const { bankReference, paidOn, paidFen, payer, undoAsked, madeAt, frozenAt, carriedToId, carriedToMonth, ...rest } = row;
    const payment = bankReference === null || paidOn === null ? null
      : { bankReference, paidOn, amountFen: Number(paidFen), staffName: payer ?? '', undoAsked: Number(undoAsked) === 1 };
    const waits = frozenAt !== null && payment === null && (Number(row.payableFen) > 0 || (Number(row.payableFen) === 0 && (Number(row.advanceFen) !== 0 || Number(row.carriedFen) !== 0)));
    return {
      ...rest, partyLabel: labelOf(labels, row), throughSeq: Number(row.throughSeq), grossFen: Number(row.grossFen), dueFen: Number(row.dueFen),
      amountFen: Number(row.amountFen), adjustmentFen: Number(row.adjustmentFen), deliveryFen: Number(row.deliveryFen),
      advanceFen: Number(row.advanceFen), carriedFen: Number(row.carriedFen), payableFen: Number(row.payableFen),
      madeAt: madeAt.toISOString(), frozenAt: frozenAt?.toISOString() ?? null, payment,
      carriedTo: carriedToId === null || carriedToMonth === null ? null : { claimId: carriedToId, month: carriedToMonth },
      unpaid: waits ? ageingOf(businessDayOf(frozenAt), this.clock.today()) : null,
    };
  }

  /** Names of payers as policies give them, and of operators, keyed `kind code`. */
  async labels(tx: EntityManager, pointIds: readonly string[]): Promise<Map<string, Words>> {
    const { payers } = await this.mentions.ofPoints(tx, pointIds);
    const operators = await tx.query<{ id: string; name: string }[]>('SELECT id, name FROM operator');
    return new Map([
      ...payers.map((payer): [string, Words] => [`payer ${payer.code}`, payer.label]),
      ...operators.map(({ id, name }): [string, Words] => [`operator ${id}`, { zh: name, en: name }]),
    ]);
  }
}

function withDeliveries(rows: readonly PartyRow[], delivered: readonly { partyCode: string; amountFen: string }[]): PartyRow[] {
  const byOperator = new Map(delivered.map(({ partyCode, amountFen }) => [partyCode, Number(amountFen)]));
  const joined = rows.map((row): PartyRow => {
    const more = row.partyKind === 'operator' ? byOperator.get(row.partyCode) ?? 0 : 0;
    if (row.partyKind === 'operator') byOperator.delete(row.partyCode);
    return { ...row, amountFen: String(Number(row.amountFen) + more) };
  });
  return [...joined, ...[...byOperator].map(([partyCode, fen]): PartyRow => ({ partyKind: 'operator', partyCode, amountFen: String(fen), meals: '0' }))];
}

const keyOf = (party: { partyKind: string; partyCode: string }): string => `${party.partyKind} ${party.partyCode}`;

function labelOf(labels: ReadonlyMap<string, Words>, party: { partyKind: string; partyCode: string }): Words {
  return labels.get(keyOf(party)) ?? { zh: party.partyCode, en: party.partyCode };
}
