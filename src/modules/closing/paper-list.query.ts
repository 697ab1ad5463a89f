import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { PaperLineRow, PaperListAnswer, PaperListsAnswer } from '../../contract/paper.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { qrPicture } from '../../infra/sheets/qr-picture.js';

/** A list as use cases read it. */
export interface PaperListHead {
  readonly id: string; readonly listNo: string; readonly pointId: string; readonly pointName: string; readonly day: BusinessDay; readonly period: MealPeriod;
  readonly setMealId: string; readonly setCode: string; readonly setName: string; readonly grossFen: number; readonly printedAt: Date; readonly enterBefore: Date;
  readonly enteredBy: string | null; readonly enteredAt: Date | null;
}
type LineRow = Omit<PaperLineRow, 'enteredAt' | 'sampled' | 'check' | 'dueFen'> & {
  dueFen: number | null; enteredAt: Date | null; sampled: number; checkOutcome: 'confirmed' | 'denied' | 'not-reached' | null; checkNote: string | null; checkedBy: string | null;
};
type Counts = Record<'lines' | 'posted' | 'waiting' | 'duplicates' | 'refused' | 'late' | 'sampled' | 'unchecked', number>;

const HEAD = `SELECT p.id, p.list_no AS listNo, p.point_id AS pointId, o.name AS pointName, p.business_day AS day, p.period, p.set_meal_id AS setMealId,
    m.code AS setCode, m.name AS setName, m.gross_fen AS grossFen, p.printed_at AS printedAt, p.enter_before AS enterBefore, f.display_name AS enteredBy,
    p.entered_at AS enteredAt
  FROM paper_list p JOIN point o ON o.id = p.point_id JOIN set_meal m ON m.id = p.set_meal_id LEFT JOIN staff f ON f.id = p.entered_by`;
const NEWEST = 100;

/** Paper lists and their lines. */
@Injectable()
export class PaperLists {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async head(listId: string, tx: EntityManager = this.dataSource.manager): Promise<PaperListHead | null> {
    const [row] = await tx.query<PaperListHead[]>(`${HEAD} WHERE p.id = ?`, [listId]);
    return row ?? null;
  }

  /** Lists of these points, newest first; with `waiting` only those on which somebody has still to act. */
  async list(pointIds: readonly string[], waiting: boolean): Promise<PaperListsAnswer> {
    if (pointIds.length === 0) return { rows: [] };
    const rows = await this.dataSource.query<(PaperListHead & Counts)[]>(
      `${HEAD.replace('\n  FROM', `,
         (SELECT COUNT(*) FROM paper_line l WHERE l.list_id = p.id) AS \`lines\`, ${countOf('posted', 'posted')}, ${countOf('waiting', 'waiting')},
         ${countOf('duplicates', 'duplicate')}, ${countOf('refused', 'refused')}, ${countOf('late', 'late')},
         (SELECT COUNT(*) FROM paper_line l WHERE l.list_id = p.id AND l.sampled = 1) AS sampled,
         (SELECT COUNT(*) FROM paper_line l WHERE l.list_id = p.id AND l.sampled = 1 AND l.checked_at IS NULL) AS unchecked
         FROM`)} WHERE p.point_id IN (?) ${waiting ? 'HAVING waiting + unchecked > 0' : ''} ORDER BY p.printed_at DESC LIMIT ?`, [pointIds, NEWEST],
    );
    return { rows: rows.map((row) => ({ ...row, ...countsOf(row), ...this.headOf(row) })) };
  }

  /** One list with its lines and the QR code of its number. */
  async one(head: PaperListHead): Promise<PaperListAnswer> {
    const lines = await this.dataSource.query<LineRow[]>(
      `SELECT l.id, l.line_no AS lineNo, l.senior_id AS seniorId, COALESCE(s.name, '') AS name, l.due_fen AS dueFen, l.outcome, l.code, l.tick, l.meal_id AS mealId,
         l.twin_meal_id AS twinMealId, a.display_name AS enteredBy, l.entered_at AS enteredAt, l.sampled, l.check_outcome AS checkOutcome,
         l.check_note AS checkNote, b.display_name AS checkedBy
       FROM paper_line l LEFT JOIN senior s ON s.id = l.senior_id LEFT JOIN staff a ON a.id = l.entered_by LEFT JOIN staff b ON b.id = l.checked_by
       WHERE l.list_id = ? ORDER BY l.line_no`, [head.id],
    );
    const qr = await qrPicture(head.listNo);
    return { ...this.headOf(head), qr, lines: lines.map(lineOf) };
  }

  private headOf(row: PaperListHead): Omit<PaperListAnswer, 'qr' | 'lines'> {
    return {
      id: row.id, listNo: row.listNo, pointId: row.pointId, pointName: row.pointName, day: row.day, period: row.period, setMealId: row.setMealId, setCode: row.setCode,
      setName: row.setName, grossFen: Number(row.grossFen), printedAt: row.printedAt.toISOString(), enterBefore: row.enterBefore.toISOString(),
      isOverdue: this.clock.now() > row.enterBefore, enteredBy: row.enteredBy, enteredAt: row.enteredAt?.toISOString() ?? null,
    };
  }
}

const countOf = (name: string, outcome: string): string => `(SELECT COUNT(*) FROM paper_line l WHERE l.list_id = p.id AND l.outcome = '${outcome}') AS ${name}`;

function countsOf(row: Counts): Counts {
  const { lines, posted, waiting, duplicates, refused, late, sampled, unchecked } = row;
  return {
    lines: Number(lines), posted: Number(posted), waiting: Number(waiting), duplicates: Number(duplicates), refused: Number(refused), late: Number(late),
    sampled: Number(sampled), unchecked: Number(unchecked),
  };
}

function lineOf({ checkOutcome, checkNote, checkedBy, ...row }: LineRow): PaperLineRow {
  return {
    ...row, dueFen: row.dueFen === null ? null : Number(row.dueFen), enteredAt: row.enteredAt?.toISOString() ?? null, sampled: row.sampled === 1,
    check: checkOutcome === null ? null : { outcome: checkOutcome, note: checkNote ?? '', by: checkedBy ?? '' },
  };
}
