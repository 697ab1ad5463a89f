import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SeniorListQuery as Filter } from '../../contract/seniors.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { writeCsv } from '../../infra/http/csv.js';
import { AuditTrail } from '../audit/index.js';
import { SeniorListQuery } from './senior-list.query.js';

const MOST_ROWS = 20_000;
const HEADER = ['姓名 Name', '性别 Sex', '出生日期 Born', '年龄 Age', '助餐点 Point', '社区 Community', '电话 Phone', '类别 Categories', '刷脸 Face', '状态 Status'];

/** What the list shows, as a file: phones stay masked, and that it was taken is on record. */
@Injectable()
export class ExportSeniors {
  constructor(private readonly list: SeniorListQuery, private readonly audit: AuditTrail, private readonly dataSource: DataSource) {}

  /** @returns the text of a CSV file with at most 20,000 rows */
  async execute(filter: Filter, actor: Actor): Promise<string> {
    const rows = await this.list.all(filter, actor.staff, MOST_ROWS);
    await this.audit.record({
      ...auditActor(actor), action: 'senior.exported', objectKind: 'senior-list', objectId: null, outcome: 'done',
      detail: { rows: rows.length },
    }, this.dataSource.manager);
    return writeCsv(HEADER, rows.map((row) => [
      row.name, row.sex === 'M' ? '男' : '女', row.birthDate, row.ageYears, row.pointName, row.communityName, row.phoneMasked,
      row.categories.join(' '), row.face, row.status,
    ]));
  }
}
