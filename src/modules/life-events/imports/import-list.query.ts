import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ImportBatch, ImportDetail, ImportLine, ImportListAnswer } from '../../../contract/list-imports.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { maskIdNumber, type ListLine } from '../../../domain/persons/index.js';
import { Keyring } from '../../../infra/crypto/keyring.js';
import { parseJson } from '../../../infra/database/columns.js';
import type { Actor } from '../../../infra/http/actor.js';
import { writeCsv } from '../../../infra/http/csv.js';
import type { ListPlace } from './list-place.js';

interface BatchRow extends Omit<ImportBatch, 'counts' | 'mayConfirm' | 'uploadedAt' | 'confirmedAt'> { uploadedBy: string; uploadedAt: Date; confirmedAt: Date | null }
interface LineRow extends Omit<ImportLine, 'name' | 'idNumberMasked' | 'candidates'> { sealed: string; candidates: unknown }

const BATCH = `SELECT b.id, b.kind, b.file_name AS fileName, b.state, b.uploaded_by AS uploadedBy, u.display_name AS uploadedByName, b.uploaded_at AS uploadedAt,
    c.display_name AS confirmedByName, b.confirmed_at AS confirmedAt
  FROM import_batch b JOIN staff u ON u.id = b.uploaded_by LEFT JOIN staff c ON c.id = b.confirmed_by`;

/** Imported lists with their lines as the page shows them: ID numbers masked. */
@Injectable()
export class ImportLists {
  constructor(private readonly dataSource: DataSource, private readonly keyring: Keyring) {}

  /** Whose lists these people deal with: the street all of them, a community its own. @throws DomainError IMPORT.NOT_FOUND for other scopes */
  async placeOf({ staff }: Actor): Promise<ListPlace> {
    if (staff.scopeKind === 'street') return { streetId: staff.scopeId, communityId: null };
    const [community] = staff.scopeKind !== 'community' ? []
      : await this.dataSource.query<{ streetId: string }[]>('SELECT street_id AS streetId FROM community WHERE id = ?', [staff.scopeId]);
    if (community === undefined) throw new DomainError('IMPORT.NOT_FOUND', 'not-found');
    return { streetId: community.streetId, communityId: staff.scopeId };
  }

  async list(actor: Actor): Promise<ImportListAnswer> {
    const { streetId, communityId } = await this.placeOf(actor).catch(() => ({ streetId: '', communityId: null }));
    const rows = await this.dataSource.query<BatchRow[]>(
      `${BATCH} WHERE b.street_id = ? AND (? IS NULL OR b.community_id = ?) ORDER BY b.uploaded_at DESC, b.id DESC LIMIT 100`, [streetId, communityId, communityId],
    );
    const batches = await this.withCounts(rows, actor);
    return { rows: batches, total: batches.length };
  }

  /** @throws DomainError IMPORT.NOT_FOUND */
  async detail(batchId: string, actor: Actor): Promise<ImportDetail> {
    const { streetId, communityId } = await this.placeOf(actor);
    const rows = await this.dataSource.query<BatchRow[]>(
      `${BATCH} WHERE b.id = ? AND b.street_id = ? AND (? IS NULL OR b.community_id = ?)`, [batchId, streetId, communityId, communityId],
    );
    const [batch] = await this.withCounts(rows, actor);
    if (batch === undefined) throw new DomainError('IMPORT.NOT_FOUND', 'not-found');
    const lines = await this.dataSource.query<LineRow[]>(
      `SELECT l.id, l.line_no AS lineNo, l.row_cipher AS sealed, l.day, l.code, l.state, l.problem, l.problem_column AS \`column\`, l.failure, l.matched_by AS matchedBy,
         l.senior_id AS seniorId, s.name AS seniorName, l.candidates
       FROM import_line l LEFT JOIN senior s ON s.id = l.senior_id WHERE l.import_batch_id = ? ORDER BY l.line_no`, [batchId],
    );
    const candidates = await this.candidatesOf(lines.flatMap((line) => parseJson<string[]>(line.candidates)));
    return { ...batch, lines: lines.map((line) => this.lineFor(line, candidates)) };
  }

  /** The result as a file: line, outcome and reason, nothing that identifies beyond the masked number. */
  async result(batchId: string, actor: Actor): Promise<string> {
    const { lines } = await this.detail(batchId, actor);
    return writeCsv(['行 Row', '姓名 Name', '身份证号 ID', '日期 Day', '结果 Outcome', '原因 Reason', '列 Column', '匹配 Matched by'], lines.map((line) => [
      line.lineNo, line.name, line.idNumberMasked ?? '', line.day ?? '', line.state, line.failure ?? line.problem ?? '', line.column ?? '', line.matchedBy ?? '',
    ]));
  }

  private lineFor({ sealed, candidates, ...line }: LineRow, people: ReadonlyMap<string, ImportLine['candidates'][number]>): ImportLine {
    const said = JSON.parse(this.keyring.open('identity', sealed)) as { line: ListLine | null; cells: string[] };
    return {
      ...line, name: said.line?.name ?? said.cells.find((cell) => /\p{Script=Han}/u.test(cell)) ?? '', idNumberMasked: said.line?.idNumber ? maskIdNumber(said.line.idNumber) : null,
      candidates: parseJson<string[]>(candidates).flatMap((id) => people.get(id) ?? []),
    };
  }

  private async candidatesOf(ids: readonly string[]): Promise<Map<string, ImportLine['candidates'][number]>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.query<ImportLine['candidates']>(
      'SELECT s.id, s.name, s.birth_date AS birthDate, p.name AS pointName FROM senior s JOIN point p ON p.id = s.point_id WHERE s.id IN (?)', [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async withCounts(rows: readonly BatchRow[], actor: Actor): Promise<ImportBatch[]> {
    if (rows.length === 0) return [];
    const counted = await this.dataSource.query<{ id: string; state: ImportLine['state']; n: number }[]>(
      'SELECT import_batch_id AS id, state, COUNT(*) AS n FROM import_line WHERE import_batch_id IN (?) GROUP BY import_batch_id, state', [rows.map(({ id }) => id)],
    );
    return rows.map(({ uploadedBy, uploadedAt, confirmedAt, ...row }) => {
      const of = (state: ImportLine['state']): number => Number(counted.find((one) => one.id === row.id && one.state === state)?.n ?? 0);
      return {
        ...row, uploadedAt: uploadedAt.toISOString(), confirmedAt: confirmedAt?.toISOString() ?? null,
        counts: { ready: of('ready'), needsPerson: of('needs-person'), problem: of('problem'), known: of('known'), skipped: of('skipped'), done: of('done'), failed: of('failed') },
        mayConfirm: actor.staff.role === 'street' && row.state === 'previewed' && uploadedBy !== actor.staff.staffId && of('needs-person') === 0 && of('ready') > 0,
      };
    });
  }
}
