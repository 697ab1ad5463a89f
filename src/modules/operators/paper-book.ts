import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { Paper, PaperKind } from '../../domain/operators/index.js';

/** A version of a paper as it is stored, with everything that decides whether it counts. */
export interface StoredPaper extends Paper {
  readonly operatorId: string;
  readonly evidence: string;
  readonly accountHash: string | null;
  readonly replaces: string | null;
  readonly recordedBy: string | null;
  readonly recordedByName: string | null;
  readonly recordedAt: Date | null;
  /** Counts only once a second person has approved it. */
  readonly needsSecond: boolean;
  readonly outcome: 'approved' | 'refused' | null;
  readonly decidedByName: string | null;
  readonly state: 'counts' | 'proposed' | 'refused' | 'replaced';
}

/** The first papers stand in the operator's own row: one truth, written once when the operator was registered. */
const FIRST = `SELECT CONCAT('first-', kind) AS paperId, id AS operatorId, kind, number, partyName, validFrom, validTo, '' AS evidence, NULL AS accountHash, NULL AS replaces,
    NULL AS recordedBy, NULL AS recordedByName, NULL AS recordedAt, 'approved' AS outcome, NULL AS decidedByName, 0 AS needsSecond FROM (
  SELECT id, 'contract' AS kind, contract_no AS number, name AS partyName, contract_from AS validFrom, contract_to AS validTo FROM operator
  UNION ALL SELECT id, 'licence', licence_no, name, NULL, licence_valid_to FROM operator
  UNION ALL SELECT id, 'bank-account', '', bank_account_name, NULL, NULL FROM operator WHERE bank_account_name <> '') f`;
const LATER = `SELECT p.id AS paperId, p.operator_id AS operatorId, p.kind, IF(p.kind = 'bank-account', CONCAT('**** ', p.account_last4), p.number) AS number,
    p.party_name AS partyName, p.valid_from AS validFrom, p.valid_to AS validTo, p.evidence, p.account_hash AS accountHash, p.replaces, p.recorded_by AS recordedBy,
    s.display_name AS recordedByName, p.recorded_at AS recordedAt, d.outcome, t.display_name AS decidedByName,
    p.needs_second = 1 OR p.kind = 'bank-account' AS needsSecond
  FROM operator_paper p LEFT JOIN staff s ON s.id = p.recorded_by LEFT JOIN operator_paper_decision d ON d.paper_id = p.id LEFT JOIN staff t ON t.id = d.decided_by`;

type Row = Omit<StoredPaper, 'state' | 'needsSecond'> & { needsSecond: number };

/** Every version of every paper, first and later ones read as one list. */
@Injectable()
export class PaperBook {
  constructor(private readonly dataSource: DataSource) {}

  /** All versions of these operators, newest first. */
  async of(operatorIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<StoredPaper[]> {
    if (operatorIds.length === 0) return [];
    const first = await tx.query<Row[]>(`${FIRST} WHERE id IN (?)`, [operatorIds]);
    const later = await tx.query<Row[]>(`${LATER} WHERE p.operator_id IN (?) ORDER BY p.recorded_at DESC, p.id DESC`, [operatorIds]);
    return withStates([...later, ...first]);
  }

  /** Operators, other than this one, that name the same account in a version that counts or waits. */
  async sharing(operatorId: string, accountHashes: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<{ id: string; name: string }[]> {
    if (accountHashes.length === 0) return [];
    return tx.query<{ id: string; name: string }[]>(
      `SELECT DISTINCT o.id, o.name FROM operator_paper p JOIN operator o ON o.id = p.operator_id
       LEFT JOIN operator_paper_decision d ON d.paper_id = p.id
       WHERE p.account_hash IN (?) AND p.operator_id <> ? AND (d.outcome IS NULL OR d.outcome = 'approved') ORDER BY o.name`, [accountHashes, operatorId],
    );
  }
}

/** A version counts unless it is replaced by one that counts; what needs a second person only once it is approved. */
function withStates(stored: readonly Row[]): StoredPaper[] {
  const rows = stored.map((row) => ({ ...row, needsSecond: Number(row.needsSecond) === 1 }));
  const approved = (row: typeof rows[number]): boolean => !row.needsSecond || row.outcome === 'approved';
  const replaced = new Set(rows.filter((row) => row.replaces !== null && approved(row)).map((row) => `${row.operatorId}/${row.kind}/${row.replaces}`));
  return rows.map((row) => {
    if (row.outcome === 'refused') return { ...row, state: 'refused' as const };
    if (!approved(row)) return { ...row, state: 'proposed' as const };
    return { ...row, state: replaced.has(`${row.operatorId}/${row.kind}/${row.paperId}`) ? 'replaced' as const : 'counts' as const };
  });
}

/** The latest end among the versions of a kind that count and have begun by `day`; for lists. */
export function endOf(papers: readonly StoredPaper[], kind: PaperKind, day: BusinessDay): BusinessDay | null {
  const counting = papers.filter((paper) => paper.kind === kind && paper.state === 'counts' && (paper.validFrom === null || paper.validFrom <= day));
  return counting.some((paper) => paper.validTo === null) ? null : counting.map((paper) => paper.validTo).sort().at(-1) ?? null;
}
