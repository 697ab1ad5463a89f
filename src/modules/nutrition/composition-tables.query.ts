import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CompositionTableListAnswer, CompositionTableRow, FoodListAnswer, FoodListQuery, FoodRow } from '../../contract/nutrition.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import { parseJson } from '../../infra/database/columns.js';

type TableSqlRow = Omit<CompositionTableRow, 'isDemo' | 'importedAt'> & { isDemo: number; importedAt: Date };
type FoodSqlRow = Omit<FoodRow, 'isDemo' | 'per100g' | 'edibleShare' | 'verified' | 'verifiedAt'> & { isDemo: number; per100g: unknown; edibleShare: string | null; verifiedAt: Date | null };

/** Food composition tables of a kitchen, version by version, and their rows. */
@Injectable()
export class CompositionTables {
  constructor(private readonly dataSource: DataSource) {}

  async list(kitchenId: KitchenId): Promise<CompositionTableListAnswer> {
    const rows = await this.dataSource.query<TableSqlRow[]>(
      `SELECT t.id, t.name, t.version, t.source, t.file_name AS fileName, t.is_demo AS isDemo, t.refused_rows AS refusedRows, t.refused_cells AS refusedCells,
         s.display_name AS importedByName, t.imported_at AS importedAt,
         (SELECT COUNT(*) FROM composition_food f WHERE f.table_id = t.id) AS foods,
         (SELECT COUNT(*) FROM composition_food f WHERE f.table_id = t.id AND f.verified_at IS NOT NULL) AS verified
       FROM composition_table t LEFT JOIN staff s ON s.id = t.imported_by WHERE t.kitchen_id = ? ORDER BY t.name, t.version DESC`,
      [kitchenId],
    );
    return {
      rows: rows.map((row) => ({ ...row, foods: Number(row.foods), verified: Number(row.verified), isDemo: row.isDemo === 1, importedAt: row.importedAt.toISOString() })),
      total: rows.length,
    };
  }

  async foods(kitchenId: KitchenId, query: FoodListQuery): Promise<FoodListAnswer> {
    const where = ['t.kitchen_id = ?'];
    const values: unknown[] = [kitchenId];
    if (query.tableId !== undefined) { where.push('t.id = ?'); values.push(query.tableId); }
    if (query.state !== 'all') where.push(`f.verified_at IS ${query.state === 'verified' ? 'NOT ' : ''}NULL`);
    if (query.search !== undefined && query.search !== '') {
      where.push('(f.name LIKE ? OR f.code LIKE ?)');
      const text = query.search.replace(/[\\%_]/g, '\\$&');
      values.push(`%${text}%`, `${text}%`);
    }
    const from = `FROM composition_food f JOIN composition_table t ON t.id = f.table_id LEFT JOIN staff s ON s.id = f.verified_by WHERE ${where.join(' AND ')}`;
    const [count] = await this.dataSource.query<{ total: number }[]>(`SELECT COUNT(*) AS total ${from}`, values);
    const rows = await this.dataSource.query<FoodSqlRow[]>(
      `SELECT f.id, f.table_id AS tableId, t.name AS tableName, t.version AS tableVersion, t.source AS tableSource, t.is_demo AS isDemo, f.code, f.name,
         f.edible_share AS edibleShare, f.per_100g AS per100g, f.verified_source AS verifiedSource, s.display_name AS verifiedByName, f.verified_at AS verifiedAt
       ${from} ORDER BY f.name, t.version DESC, f.code LIMIT ? OFFSET ?`,
      [...values, query.size, (query.page - 1) * query.size],
    );
    return { rows: rows.map(foodOf), total: Number(count?.total ?? 0) };
  }
}

function foodOf(row: FoodSqlRow): FoodRow {
  return {
    ...row, isDemo: row.isDemo === 1, per100g: parseJson<FoodRow['per100g']>(row.per100g), edibleShare: row.edibleShare === null ? null : Number(row.edibleShare),
    verified: row.verifiedAt !== null, verifiedAt: row.verifiedAt?.toISOString() ?? null,
  };
}
