import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, InvariantError } from '../../../domain/kernel/domain-error.js';
import { fen, type Fen } from '../../../domain/kernel/money.js';
import {
  countsFor, type ClaimAct, type ClaimLine, type ClaimMonth, type ClaimParty, type ClaimStatus, type ClaimTotals,
} from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { PointScope } from '../../sites/index.js';
import type { FrozenClaim } from './claim-figures.query.js';

/** One counted amount of a claim: meals and adjustments by point, deliveries by point, advances. */
export interface ClaimSum { readonly kind: 'meals' | 'delivery' | 'advance'; readonly pointId: string; readonly amountFen: number }

export interface StoredClaim {
  readonly claimId: string;
  readonly streetId: string;
  readonly month: ClaimMonth;
  readonly party: ClaimParty;
  readonly status: ClaimStatus;
  readonly snapshotId: string;
  readonly payableFen: number;
  /** The instant of the second signature; null before. */
  readonly frozenAt: Date | null;
}

interface ClaimRow { claimId: string; streetId: string; month: ClaimMonth; partyKind: ClaimParty['kind']; partyCode: string; status: ClaimStatus; snapshotId: string; payableFen: string; frozenAt: Date | null }

const COLUMNS = `id AS claimId, street_id AS streetId, month, party_kind AS partyKind, party_code AS partyCode, status,
  snapshot_id AS snapshotId, payable_fen AS payableFen, frozen_at AS frozenAt`;
/** Head and lines of a claim as they are stored. */
export interface WrittenClaim {
  readonly throughSeq: number;
  readonly sealHash: string;
  readonly detailHash: string;
  readonly persons: number;
  readonly totals: ClaimTotals;
  readonly lines: readonly ClaimLine[];
}
type WrittenRow = Record<keyof ClaimTotals | 'throughSeq' | 'persons', string | number> & { sealHash: string; detailHash: string };
type LineRow = Omit<ClaimLine, 'grossFen' | 'dueFen' | 'amountFen'> & Record<'grossFen' | 'dueFen' | 'amountFen', string | number>;

const LINES_A_STATEMENT = 1_000;

/** Rows of claims, and who may ask for them: a claim belongs to a street, and is seen by staff of that street. */
@Injectable()
export class ClaimStore {
  constructor(private readonly points: PointScope, private readonly clock: Clock) {}

  /** The street whose money the member of staff deals with. @throws DomainError REQUEST.NOT_FOUND for narrower scopes */
  async streetOf(staff: StaffIdentity): Promise<string> {
    return staff.scopeKind === 'street' ? staff.scopeId : this.points.refuse(staff, 'claims', staff.scopeId);
  }

  async pointsOf(tx: EntityManager, streetId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }[]>(
      'SELECT p.id FROM point p JOIN community c ON c.id = p.community_id WHERE c.street_id = ? ORDER BY p.code', [streetId],
    );
    return rows.map((row) => row.id);
  }

  /** Frozen claims of a party, in order of months. */
  async frozen(tx: EntityManager, streetId: string, party: ClaimParty): Promise<FrozenClaim[]> {
    const rows = await tx.query<(Omit<FrozenClaim, 'throughSeq'> & { throughSeq: string })[]>(
      `SELECT id AS claimId, month, through_seq AS throughSeq FROM month_claim
       WHERE street_id = ? AND party_kind = ? AND party_code = ? AND status = 'frozen' ORDER BY month`,
      [streetId, party.kind, party.code],
    );
    return rows.map((row) => ({ ...row, throughSeq: Number(row.throughSeq) }));
  }

  /** The claim of a party and month, locked until the transaction ends; null where there is none. */
  async locked(tx: EntityManager, streetId: string, month: ClaimMonth, party: ClaimParty): Promise<StoredClaim | null> {
    const [row] = await tx.query<ClaimRow[]>(
      `SELECT ${COLUMNS} FROM month_claim WHERE street_id = ? AND month = ? AND party_kind = ? AND party_code = ? FOR UPDATE`,
      [streetId, month, party.kind, party.code],
    );
    return row === undefined ? null : stored(row);
  }

  /** @throws DomainError REQUEST.NOT_FOUND for a claim of another street; CLAIM.SNAPSHOT_CHANGED */
  async lockedById(tx: EntityManager, staff: StaffIdentity, claimId: string, snapshotId: string): Promise<StoredClaim> {
    const [row] = await tx.query<ClaimRow[]>(`SELECT ${COLUMNS} FROM month_claim WHERE id = ? FOR UPDATE`, [claimId]);
    if (row === undefined || staff.scopeKind !== 'street' || row.streetId !== staff.scopeId) return this.points.refuse(staff, 'claim', claimId);
    if (row.snapshotId !== snapshotId) throw new DomainError('CLAIM.SNAPSHOT_CHANGED', 'conflict');
    return stored(row);
  }

  /** What was done on the present snapshot. */
  async acts(tx: EntityManager, claim: StoredClaim): Promise<ClaimAct[]> {
    return tx.query<ClaimAct[]>(
      `SELECT act, staff_id AS staffId FROM month_claim_act WHERE claim_id = ? AND snapshot_id = ? AND (act = 'made' OR (act IN ('checked', 'signed')
       AND id > COALESCE((SELECT MAX(id) FROM month_claim_act b WHERE b.claim_id = ? AND b.act = 'returned'), 0))) ORDER BY id`,
      [claim.claimId, claim.snapshotId, claim.claimId],
    );
  }

  async act(tx: EntityManager, claim: Pick<StoredClaim, 'claimId' | 'snapshotId'>, act: string, staffId: string, note = ''): Promise<void> {
    await tx.query(
      'INSERT INTO month_claim_act (claim_id, act, staff_id, snapshot_id, note, at) VALUES (?, ?, ?, ?, ?, ?)',
      [claim.claimId, act, staffId, claim.snapshotId, note, this.clock.now()],
    );
  }

  /** What counts into the claim, by point; of credits that it carries, what the earlier claims were made of. */
  async sums(tx: EntityManager, claim: StoredClaim): Promise<ClaimSum[]> {
    const lines = await tx.query<{ line: ClaimLine['line']; partyCode: string; pointId: string; operatorId: string; amountFen: string }[]>(
      `WITH RECURSIVE chain (claim_id) AS (
         SELECT id FROM month_claim WHERE id = ? UNION SELECT k.source_id FROM chain JOIN month_claim_line k ON k.claim_id = chain.claim_id AND k.line = 'carried')
       SELECT l.line, l.party_code AS partyCode, l.point_id AS pointId, l.operator_id AS operatorId, SUM(l.amount_fen) AS amountFen
       FROM chain JOIN month_claim_line l ON l.claim_id = chain.claim_id WHERE l.line <> 'carried' GROUP BY l.line, l.party_code, l.point_id, l.operator_id`, [claim.claimId],
    );
    return lines.filter((line) => countsFor(claim.party, line)).map(({ line, pointId, amountFen }) => ({
      kind: line === 'delivery' || line === 'advance' ? line : 'meals', pointId, amountFen: Number(amountFen),
    }));
  }

  /** Head and lines of a claim that the caller has locked. */
  async written(tx: EntityManager, { claimId }: Pick<StoredClaim, 'claimId'>): Promise<WrittenClaim> {
    const [row] = await tx.query<WrittenRow[]>(
      `SELECT through_seq AS throughSeq, seal_hash AS sealHash, detail_hash AS detailHash, persons, meals, gross_fen AS grossFen, due_fen AS dueFen,
         amount_fen AS amountFen, adjustment_fen AS adjustmentFen, delivery_fen AS deliveryFen, advance_fen AS advanceFen, carried_fen AS carriedFen,
         payable_fen AS payableFen FROM month_claim WHERE id = ?`, [claimId],
    );
    if (row === undefined) throw new InvariantError('a locked claim has no row');
    const lines = await tx.query<LineRow[]>(
      `SELECT kind, line, party_code AS partyCode, point_id AS pointId, operator_id AS operatorId, period, channel, age_tier AS ageTier,
         category_code AS categoryCode, rule_id AS ruleId, policy_version_id AS policyVersionId, sold, reversed, gross_fen AS grossFen,
         due_fen AS dueFen, amount_fen AS amountFen, cause, adjusts_claim_id AS adjustsClaimId, adjusts_meal_id AS adjustsMealId,
         adjusts_day AS adjustsDay, source_id AS sourceId FROM month_claim_line WHERE claim_id = ? ORDER BY line_no`, [claimId],
    );
    const { throughSeq, sealHash, detailHash, persons, meals, ...sums } = row;
    const money = <Row extends object>(amounts: Row): { [Name in keyof Row]: Fen } =>
      Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, fen(Number(amount))])) as { [Name in keyof Row]: Fen };
    return {
      throughSeq: Number(throughSeq), sealHash, detailHash, persons: Number(persons), totals: { meals: Number(meals), ...money(sums) },
      lines: lines.map(({ grossFen, dueFen, amountFen, ...line }) => ({ ...line, ...money({ grossFen, dueFen, amountFen }) })),
    };
  }

  /** Replaces the lines of a draft. */
  async writeLines(tx: EntityManager, claimId: string, streetId: string, party: ClaimParty, lines: readonly ClaimLine[]): Promise<void> {
    await tx.query('DELETE FROM month_claim_line WHERE claim_id = ?', [claimId]);
    const rows = lines.map((line, index) => [
      claimId, index + 1, line.kind, line.line, line.partyCode, line.pointId, line.operatorId, line.period, line.channel, line.ageTier,
      line.categoryCode, line.ruleId, line.policyVersionId, line.sold, line.reversed, line.grossFen, line.dueFen, line.amountFen, line.cause,
      line.adjustsClaimId, line.adjustsMealId, line.adjustsDay, line.sourceId, bookedKey(streetId, party, line),
    ]);
    for (let start = 0; start < rows.length; start += LINES_A_STATEMENT) {
      await tx.query(
        `INSERT INTO month_claim_line (claim_id, line_no, kind, line, party_code, point_id, operator_id, period, channel, age_tier, category_code,
           rule_id, policy_version_id, sold, reversed, gross_fen, due_fen, amount_fen, cause, adjusts_claim_id, adjusts_meal_id, adjusts_day, source_id, booked_key)
         VALUES ?`,
        [rows.slice(start, start + LINES_A_STATEMENT)],
      );
    }
  }
}

/** One part of one event of the past, one stop or one advance, for one party: the unique key refuses it a second time. */
function bookedKey(streetId: string, party: ClaimParty, line: ClaimLine): string | null {
  if (line.sourceId !== null) return [streetId, party.kind, party.code, line.line, line.sourceId].join('|');
  if (line.adjustsMealId === null) return null;
  return [streetId, party.kind, party.code, line.adjustsMealId, line.cause === 'late-meal' ? '+' : '-', line.line, line.partyCode, line.ruleId].join('|');
}

function stored({ partyKind, partyCode, payableFen, ...row }: ClaimRow): StoredClaim {
  return { ...row, party: { kind: partyKind, code: partyCode }, payableFen: Number(payableFen) };
}
