import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LearntAnswer, LearntQuery } from '../../contract/learnt.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { DepotScope } from './depot-scope.js';

/** What was learnt, with the rides it rests on: doors that differ most first. */
@Injectable()
export class LearntTimes {
  constructor(private readonly dataSource: DataSource, private readonly scope: DepotScope, private readonly settings: DeliverySettingsBook) {}

  async read(query: LearntQuery, staff: StaffIdentity): Promise<LearntAnswer> {
    const all = await this.scope.depotsOf(staff);
    const [first] = all;
    if (first === undefined) return { learnDays: 0, depots: [], rows: [], total: 0 };
    const { learnDays } = await this.settings.of(first.streetId);
    const legs = new Map((await this.dataSource.query<{ depotId: string; legPct: number; observations: number; learntOn: BusinessDay }[]>(
      'SELECT depot_id AS depotId, leg_pct AS legPct, observations, learnt_on AS learntOn FROM learnt_leg WHERE depot_id IN (?)', [all.map((depot) => depot.depotId)],
    )).map((row) => [row.depotId, row]));
    const chosen = all.filter((depot) => query.depotId === undefined || depot.depotId === query.depotId);
    const { rows, total } = chosen.length === 0 ? { rows: [], total: 0 } : await this.doors(query, chosen.map((depot) => depot.depotId));
    const names = new Map(all.map((depot) => [depot.depotId, depot.name]));
    return {
      learnDays, total,
      depots: all.map(({ depotId, name }) => ({ depotId, name, legPct: legs.get(depotId)?.legPct ?? 100, observations: legs.get(depotId)?.observations ?? 0, learntOn: legs.get(depotId)?.learntOn ?? null })),
      rows: rows.map(({ depotId, ...row }) => ({ ...row, depotName: names.get(depotId) ?? '' })),
    };
  }

  private async doors(query: LearntQuery, depotIds: readonly string[]): Promise<{ rows: (Omit<LearntAnswer['rows'][number], 'depotName'> & { depotId: string })[]; total: number }> {
    const literal = query.search?.replace(/[\\%_]/g, (character) => `\\${character}`) ?? '';
    const from = `FROM learnt_door d JOIN senior s ON s.id = d.senior_id WHERE d.depot_id IN (?) ${literal === '' ? '' : 'AND (s.name LIKE ? OR s.name_initials LIKE ?)'}`;
    const values = [depotIds, ...(literal === '' ? [] : [`%${literal}%`, `${literal.toLowerCase()}%`])];
    const rows = await this.dataSource.query<(Omit<LearntAnswer['rows'][number], 'depotName'> & { depotId: string })[]>(
      `SELECT d.senior_id AS seniorId, s.name AS seniorName, d.depot_id AS depotId, d.extra_s AS extraS, d.spread_s AS spreadS, d.observations ${from}
       ORDER BY ABS(d.extra_s) DESC, d.senior_id LIMIT ? OFFSET ?`, [...values, query.size, (query.page - 1) * query.size],
    );
    const [count] = await this.dataSource.query<{ n: string | number }[]>(`SELECT COUNT(*) AS n ${from}`, values);
    return { rows, total: Number(count?.n ?? 0) };
  }
}
