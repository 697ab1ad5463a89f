import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SeniorHistoryAnswer } from '../../contract/seniors.js';
import type { Actor } from '../../infra/http/actor.js';
import { parseJson } from '../../infra/database/columns.js';
import { SeniorRecords } from './senior-records.js';

interface Row { at: Date; actorName: string; action: string; outcome: 'done' | 'denied' | 'failed'; detail: unknown }

/** What was done to one senior's record, newest first, at most 200 lines. */
@Injectable()
export class SeniorHistoryQuery {
  constructor(private readonly dataSource: DataSource, private readonly records: SeniorRecords) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  async run(seniorId: string, actor: Actor): Promise<SeniorHistoryAnswer> {
    await this.records.find(seniorId, actor);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT a.at, COALESCE(f.display_name, '') AS actorName, a.action, a.outcome, a.detail
       FROM audit_line a LEFT JOIN staff f ON f.id = a.actor_id
       WHERE a.object_kind = 'senior' AND a.object_id = ? ORDER BY a.id DESC LIMIT 200`, [seniorId],
    );
    return {
      rows: rows.map((row) => ({
        ...row, at: row.at.toISOString(), detail: row.detail === null ? {} : parseJson<SeniorHistoryAnswer['rows'][number]['detail']>(row.detail),
      })),
    };
  }
}
