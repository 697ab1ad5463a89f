import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';

/** Two records of one person: the one that was given up, and the one that stands. Meals stay where they were posted. */
@Injectable()
export class PersonMerges {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Who a record stands for, by the id of the record that was given up; chains are followed to their end. For reports
   * that count persons: `merged.get(seniorId) ?? seniorId`.
   */
  async mergedInto(tx: EntityManager = this.dataSource.manager): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.query<{ seniorId: string; intoId: string }[]>('SELECT senior_id AS seniorId, into_senior_id AS intoId FROM person_merge');
    const next = new Map(rows.map((row) => [row.seniorId, row.intoId]));
    const endOf = (seniorId: string): string => {
      let at = seniorId;
      for (let step = 0; step <= next.size && next.has(at); step += 1) at = next.get(at) ?? at;
      return at;
    };
    return new Map(rows.map((row) => [row.seniorId, endOf(row.intoId)]));
  }

  /** Every record of the person a record stands for, its own id first. */
  async recordsOf(seniorId: string, tx: EntityManager = this.dataSource.manager): Promise<string[]> {
    const merged = await this.mergedInto(tx);
    const person = merged.get(seniorId) ?? seniorId;
    return [seniorId, ...[person, ...[...merged].filter(([, into]) => into === person).map(([from]) => from)].filter((id) => id !== seniorId)];
  }
}
