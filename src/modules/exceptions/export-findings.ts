import { Injectable } from '@nestjs/common';
import type { ExceptionFilters, ExceptionRow } from '../../contract/exceptions.js';
import { clockText } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { AuditTrail } from '../audit/index.js';
import type { SheetPlan } from '../../infra/sheets/sheet-file.js';
import { SheetWriter } from '../../infra/sheets/sheet-writer.js';
import { FindingLists } from './finding-list.query.js';
import { kindLabel } from './finding-rows.js';

const MOST_ROWS = 20_000;
const STATE_ZH: Readonly<Record<string, string>> = { open: '待办', 'in-work': '办理中', explained: '已解释', confirmed: '已确认', 'passed-on': '已移交', unsettled: '未办结' };

/** The list of findings as a spreadsheet; who took it out is audited. */
@Injectable()
export class ExportFindings {
  constructor(private readonly lists: FindingLists, private readonly sheets: SheetWriter, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  async execute(filters: ExceptionFilters, actor: Actor): Promise<{ fileName: string; content: Buffer }> {
    const rows = await this.lists.all(filters, actor.staff, MOST_ROWS);
    const content = await this.sheets.write(this.plan(rows, filters, actor.staff.displayName));
    await this.audit.record({ ...auditActor(actor), action: 'exceptions.exported', objectKind: 'exception-list', objectId: null, outcome: 'done', detail: { rows: rows.length } });
    return { fileName: `异常清单-${this.clock.today()}.xlsx`, content };
  }

  private plan(rows: readonly ExceptionRow[], filters: ExceptionFilters, maker: string): SheetPlan {
    const set = [
      filters.kind === undefined ? '' : `类型：${kindLabel(filters.kind).zh}`, filters.state === undefined ? '' : `状态：${STATE_ZH[filters.state] ?? filters.state}`,
      filters.minAgeDays === undefined ? '' : `发现满 ${filters.minAgeDays} 天`, filters.pointId === undefined ? '' : `助餐点：${rows[0]?.pointName ?? filters.pointId}`,
      filters.owner === undefined ? '' : filters.owner === 'me' ? '我负责的' : '没有负责人',
    ].filter((word) => word !== '');
    const text = (title: string, width: number): SheetPlan['columns'][number] => ({ title, kind: 'text', width });
    return {
      sheet: '异常清单',
      band: [['热乎饭', '异常清单'], ['条件', set.length === 0 ? '全部' : set.join('；')], ['生成', `${this.clock.today()} ${clockText(this.clock.now())} ${maker}`]],
      columns: [
        text('编号', 38), text('类型', 20), text('助餐点', 22), text('运营方', 22), text('老人', 10), text('工作人员', 14), text('首日', 12), text('末日', 12), { title: '分值', kind: 'count', width: 7 },
        { title: '涉及补贴(元)', kind: 'yuan', width: 13 }, { title: '证据行', kind: 'count', width: 8 }, text('原因', 60), text('状态', 9), text('负责人', 14), text('期限', 12), text('发现', 12),
      ],
      rows: rows.map((row) => [
        row.findingId, row.kindLabel.zh, row.pointName ?? '', row.operatorName ?? '', row.seniorName ?? '', row.staffName ?? '', row.firstDay, row.lastDay, row.score, row.amountFen,
        row.evidenceRows, row.reason.zh, STATE_ZH[row.state] ?? row.state, row.ownerName ?? '', row.dueDay, row.foundAt.slice(0, 10),
      ]),
      totals: ['合计', `${rows.length} 条`, ...Array.from({ length: 7 }, () => null), rows.reduce((sum, row) => sum + row.amountFen, 0), rows.reduce((sum, row) => sum + row.evidenceRows, 0)],
      check: [],
    };
  }
}
