import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BillFinding, BillLineRow, ContractorBillAnswer, ContractorBillsAnswer } from '../../contract/contractor.js';
import { BILL_FINDINGS, stopNoOf } from '../../domain/closing/index.js';
import { maskName } from '../../domain/persons/index.js';
import { streetOfStop } from './contractor-scope.js';

type Head = Omit<ContractorBillsAnswer['rows'][number], 'uploadedAt' | 'decidedAt'> & { uploadedAt: Date; decidedAt: Date | null };
interface LineRow {
  id: string; lineNo: number | null; day: string; said: string; billedFen: number; expectedFen: number | null; stopId: string | null; name: string | null; sex: 'M' | 'F' | null;
  finding: BillFinding; state: 'matched' | 'payable' | 'returned'; objectionId: string | null; text: string; raisedAt: Date; outcome: 'upheld' | 'rejected' | null;
  answer: string | null; answeredAt: Date | null;
}

const HEAD = `SELECT b.id, b.operator_id AS operatorId, o.name AS operatorName, b.invoice_no AS invoiceNo, b.file_name AS fileName, b.first_day AS firstDay,
    b.last_day AS lastDay, b.state, u.display_name AS uploadedBy, b.uploaded_at AS uploadedAt, d.display_name AS decidedBy, b.decided_at AS decidedAt,
    b.billed_fen AS billedFen, b.agreed_fen AS agreedFen, (SELECT COUNT(*) FROM contractor_bill_line l WHERE l.bill_id = b.id) AS \`lines\`,
    (SELECT COUNT(*) FROM contractor_bill_line l WHERE l.bill_id = b.id AND l.state = 'returned') AS returned
  FROM contractor_bill b JOIN operator o ON o.id = b.operator_id LEFT JOIN staff u ON u.id = b.uploaded_by LEFT JOIN staff d ON d.id = b.decided_by`;

/** Bills with what became of each line. */
@Injectable()
export class ContractorBills {
  constructor(private readonly dataSource: DataSource) {}

  /** Of one street, or of all. */
  async list(operatorIds: readonly string[], streetId: string | null): Promise<ContractorBillsAnswer> {
    if (operatorIds.length === 0) return { rows: [] };
    const rows = await this.dataSource.query<Head[]>(`${HEAD} WHERE b.operator_id IN (?) AND (? IS NULL OR b.street_id = ?) ORDER BY b.uploaded_at DESC LIMIT 100`, [operatorIds, streetId, streetId]);
    return { rows: rows.map(headOf) };
  }

  /** Null where it is not there or, read for a street, is another's; a street sees no line about another street's stop. */
  async one(billId: string, streetId: string | null = null): Promise<ContractorBillAnswer | null> {
    const [row] = await this.dataSource.query<Head[]>(`${HEAD} WHERE b.id = ? AND (? IS NULL OR b.street_id = ?)`, [billId, streetId, streetId]);
    if (row === undefined) return null;
    const lines = await this.dataSource.query<LineRow[]>(
      `SELECT l.id, l.line_no AS lineNo, l.business_day AS day, l.said, l.billed_fen AS billedFen, l.expected_fen AS expectedFen, l.route_stop_id AS stopId, s.name, s.sex,
         l.finding, l.state, b.id AS objectionId, b.text, b.raised_at AS raisedAt, b.outcome, b.answer, b.answered_at AS answeredAt
       FROM contractor_bill_line l LEFT JOIN senior s ON s.id = l.senior_id LEFT JOIN contractor_objection b ON b.bill_line_id = l.id
       WHERE l.bill_id = ? AND (? IS NULL OR COALESCE(${streetOfStop('l.route_stop_id')}, ?) = ?)
       ORDER BY l.finding = 'agreed', l.business_day, l.line_no IS NULL, l.line_no`, [billId, streetId, streetId, streetId],
    );
    const { lines: _count, returned: _returned, ...head } = headOf(row);
    return { ...head, lines: lines.map(lineOf), findings: findingsOf(lines) };
  }
}

/** How many lines came out how. */
export function findingsOf(lines: readonly { finding: BillFinding }[]): Record<BillFinding, number> {
  return Object.fromEntries(BILL_FINDINGS.map((finding) => [finding, lines.filter((line) => line.finding === finding).length])) as Record<BillFinding, number>;
}

function headOf(row: Head): ContractorBillsAnswer['rows'][number] {
  return {
    ...row, billedFen: Number(row.billedFen), agreedFen: Number(row.agreedFen), lines: Number(row.lines), returned: Number(row.returned),
    uploadedAt: row.uploadedAt.toISOString(), decidedAt: row.decidedAt?.toISOString() ?? null,
  };
}

function lineOf(row: LineRow): BillLineRow {
  return {
    id: row.id, lineNo: row.lineNo, day: row.day, said: row.said, billedFen: Number(row.billedFen), expectedFen: row.expectedFen === null ? null : Number(row.expectedFen),
    stopNo: row.stopId === null ? null : stopNoOf(row.stopId), dinerName: row.name !== null && row.sex !== null ? maskName(row.name, row.sex) : null,
    finding: row.finding, state: row.state,
    objection: row.objectionId === null ? null : {
      id: row.objectionId, text: row.text, raisedAt: row.raisedAt.toISOString(), outcome: row.outcome, answer: row.answer, answeredAt: row.answeredAt?.toISOString() ?? null,
    },
  };
}
