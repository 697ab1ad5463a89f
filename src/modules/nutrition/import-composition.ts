import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CompositionPreviewAnswer, CompositionTableAnswer, ReadCompositionRequest } from '../../contract/nutrition.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { COMPOSITION_COLUMNS, type CompositionPreview, type Food, previewComposition } from '../../domain/nutrition/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { readSheetFile } from '../../infra/sheets/read-sheet-file.js';
import { AuditTrail } from '../audit/index.js';
import { MenuScope } from '../menu/index.js';
import { CompositionTables } from './composition-tables.query.js';

const SAMPLE_ROWS = 8;
const ROWS_A_STATEMENT = 200;

interface ReadTable { rows: number; preview: CompositionPreview; fileHash: string }

/** Takes in an operator's own food composition table: looked at first, then stored as a new version. */
@Injectable()
export class ImportComposition {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: MenuScope, private readonly tables: CompositionTables,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** What an import would store and what it would refuse; stores nothing. @throws DomainError NUTRITION.HEADING_UNKNOWN, IMPORT.* */
  async preview(request: ReadCompositionRequest): Promise<CompositionPreviewAnswer> {
    const { rows, preview } = await readTable(request);
    return {
      rows, foods: preview.foods.length, ...refusals(preview), traces: preview.traces.length, problems: preview.problems,
      sample: preview.foods.slice(0, SAMPLE_ROWS).map(({ code, name, edibleShare, per100g }) => (
        { code, name, edibleShare, energyKCal: per100g.energyKCal, protein: per100g.protein, Na: per100g.Na })),
    };
  }

  /**
   * Stores what can be used as the next version of the table of this name; all of it unverified.
   * @throws DomainError NUTRITION.HEADING_UNKNOWN, NUTRITION.NOTHING_USABLE, NUTRITION.SAME_FILE, IMPORT.*
   */
  async execute(request: ReadCompositionRequest, staff: StaffIdentity): Promise<CompositionTableAnswer> {
    const kitchenId = await this.scope.kitchenOf(staff);
    const read = await readTable(request);
    if (read.preview.foods.length === 0) throw new DomainError('NUTRITION.NOTHING_USABLE', 'invalid');
    const tableId = newId();
    await this.unitOfWork.run(async (tx) => {
      // The kitchen's row is the lock under which two imports do not take one version number.
      await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchenId]);
      const { refusedRows, refusedCells } = refusals(read.preview);
      try {
        await tx.query(
          `INSERT INTO composition_table (id, kitchen_id, name, version, source, file_name, file_hash, refused_rows, refused_cells, imported_by, imported_at)
           SELECT ?, ?, ?, COALESCE(MAX(version), 0) + 1, ?, ?, ?, ?, ?, ?, ? FROM composition_table WHERE kitchen_id = ? AND name = ?`,
          [tableId, kitchenId, request.name, request.source, request.fileName, read.fileHash, refusedRows, refusedCells, staff.staffId, this.clock.now(), kitchenId, request.name],
        );
      } catch (error) {
        if (isDuplicateKey(error, 'uq_composition_table_file')) throw new DomainError('NUTRITION.SAME_FILE', 'conflict');
        throw error;
      }
      await storeFoods(tx, tableId, read.preview.foods);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'composition-table.imported', objectKind: 'composition-table', objectId: tableId, outcome: 'done',
        detail: { foods: read.preview.foods.length, refusedRows, refusedCells },
      }, tx);
    });
    const table = (await this.tables.list(kitchenId)).rows.find(({ id }) => id === tableId);
    if (table === undefined) throw new InvariantError('the table is not there');
    return { table };
  }
}

async function readTable({ source, contentBase64 }: ReadCompositionRequest): Promise<ReadTable> {
  const bytes = Buffer.from(contentBase64, 'base64');
  const [heading, ...rest] = (await readSheetFile(bytes)).map((row) => row.map(({ text }) => text));
  const named = (heading ?? []).map((cell) => cell.trim());
  while (named.at(-1) === '') named.pop();
  if (named.join(' ') !== COMPOSITION_COLUMNS.join(' ')) throw new DomainError('NUTRITION.HEADING_UNKNOWN', 'invalid');
  // A spreadsheet drops empty cells at the end of a row; those are "not measured", not a missing column.
  const rows = rest.filter((row) => row.some((cell) => cell.trim() !== ''))
    .map((row) => (row.length < COMPOSITION_COLUMNS.length && row.length > 2 ? [...row, ...Array<string>(COMPOSITION_COLUMNS.length - row.length).fill('')] : row));
  return { rows: rows.length, preview: previewComposition(rows, source), fileHash: sha256Hex(bytes) };
}

function refusals({ problems }: CompositionPreview): { refusedRows: number; refusedCells: number } {
  return {
    refusedRows: new Set(problems.filter(({ refused }) => refused === 'row').map(({ row }) => row)).size,
    refusedCells: problems.filter(({ refused }) => refused === 'cell').length,
  };
}

async function storeFoods(tx: EntityManager, tableId: string, foods: readonly Food[]): Promise<void> {
  for (let at = 0; at < foods.length; at += ROWS_A_STATEMENT) {
    await tx.query('INSERT INTO composition_food (id, table_id, code, name, edible_share, per_100g) VALUES ?', [
      foods.slice(at, at + ROWS_A_STATEMENT).map(({ code, name, edibleShare, per100g }) => [newId(), tableId, code, name.slice(0, 80), edibleShare, JSON.stringify(per100g)]),
    ]);
  }
}
