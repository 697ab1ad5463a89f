import { Injectable } from '@nestjs/common';
import type { OwnPartsAnswer, TransitAnswer, TransitSource } from '../../contract/treasury.js';
import { TENDER_WORDS } from '../../contract/finance.words.js';
import { businessDayOf, clockText } from '../../domain/kernel/business-day.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import type { SheetPlan } from '../../infra/sheets/sheet-file.js';
import { SheetWriter } from '../../infra/sheets/sheet-writer.js';
import { AuditTrail } from '../audit/index.js';

const SOURCES: Readonly<Record<TransitSource, string>> = { qr: '门店扫码', wechat: '微信支付', alipay: '支付宝', 'senior-card': '怡老卡' };
const RECEIPT_STATES = { asked: '等复核', recorded: '已入账', refused: '已退回' } as const;
const UNDO = { asked: '，申请撤销中', done: '，已撤销' } as const;
const stamp = (iso: string): string => `${businessDayOf(new Date(iso))} ${clockText(new Date(iso))}`;
const tenderWord = (tender: string): string => TENDER_WORDS[tender]?.zh ?? '断网差额';

/** Money in transit and own parts as spreadsheet files, as the page shows them; who took what out is audited. */
@Injectable()
export class TreasurySheets {
  constructor(private readonly sheets: SheetWriter, private readonly audit: AuditTrail) {}

  async transit(answer: TransitAnswer, staff: StaffIdentity): Promise<{ fileName: string; content: Buffer }> {
    const content = await this.sheets.write(transitPlan(answer, staff.displayName));
    await this.record(staff, 'transit', { throughDay: answer.throughDay, rows: answer.rows.length });
    return { fileName: `在途资金-${answer.throughDay}.xlsx`, content };
  }

  async ownParts(answer: OwnPartsAnswer, staff: StaffIdentity): Promise<{ fileName: string; content: Buffer }> {
    const content = await this.sheets.write(ownPartsPlan(answer, staff.displayName));
    await this.record(staff, 'own-parts', { month: answer.month, rows: answer.rows.length });
    return { fileName: `应付自付款-${answer.month}-${answer.throughSeq}.xlsx`, content };
  }

  private record(staff: StaffIdentity, what: string, detail: Readonly<Record<string, string | number>>): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'finance.exported', objectKind: what, objectId: null, outcome: 'done', detail });
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function transitPlan(answer: TransitAnswer, maker: string): SheetPlan {
  const blank = [null, null, null, null] as const;
  return {
    sheet: '在途资金',
    band: [['热乎饭', '在途资金与到账'], ['截至', answer.throughDay], ['说明', '先列在途，后列最近一百笔到账；在途按账户，到账按银行流水'], ['生成', `${stamp(answer.asOf)} ${maker}`]],
    columns: [
      { title: '类别', kind: 'text', width: 8 }, { title: '来源', kind: 'text', width: 12 }, { title: '助餐点', kind: 'text', width: 24 }, { title: '最早一天/截至', kind: 'text', width: 14 },
      ...['截至当日在途(元)', '全部在途(元)', '到账(元)', '手续费(元)', '差额(元)'].map((title) => ({ title, kind: 'yuan' as const, width: 15 })),
      { title: '银行流水号', kind: 'text', width: 24 }, { title: '到账日', kind: 'text', width: 12 }, { title: '状态', kind: 'text', width: 16 }, { title: '经手', kind: 'text', width: 20 }, { title: '说明', kind: 'text', width: 30 },
    ],
    rows: [
      ...answer.rows.map((row) => ['在途', SOURCES[row.source], row.pointName, row.oldestDay ?? '', row.expectedFen, row.openFen, null, null, null, ...blank, null]),
      ...answer.receipts.map((row) => ['到账', SOURCES[row.source], row.pointName ?? '全部助餐点', row.throughDay, row.expectedFen, null, row.receivedFen, row.feeFen, row.differenceFen,
        row.bankReference, row.receivedOn, `${RECEIPT_STATES[row.state]}${row.undo === null ? '' : UNDO[row.undo]}`, [row.recordedBy, row.decidedBy].filter((name) => name !== null).join(' → '), row.note]),
    ],
    totals: ['在途合计', null, null, null, sum(answer.rows.map((row) => row.expectedFen)), sum(answer.rows.map((row) => row.openFen)), null, null, null, ...blank, null],
    check: [],
  };
}

function ownPartsPlan(answer: OwnPartsAnswer, maker: string): SheetPlan {
  return {
    sheet: '应付自付款',
    band: [['热乎饭', '应付餐厅的自付款'], ['截至月份', answer.month], ['账本至', `第 ${answer.throughSeq} 号`], ['生成', `${stamp(answer.asOf)} ${maker}`]],
    columns: [
      { title: '餐厅', kind: 'text', width: 28 }, { title: '助餐点', kind: 'text', width: 24 }, { title: '付款方式', kind: 'text', width: 14 },
      ...['累计应得(元)', '已付(元)', '未付(元)'].map((title) => ({ title, kind: 'yuan' as const, width: 16 })),
    ],
    rows: answer.rows.flatMap((row) => [
      [row.operatorName, null, '合计', row.earnedFen, row.settledFen, row.openFen],
      ...row.lines.map((line) => [row.operatorName, line.pointName, tenderWord(line.tender), null, null, line.amountFen]),
    ]),
    totals: ['合计', null, null, sum(answer.rows.map((row) => row.earnedFen)), sum(answer.rows.map((row) => row.settledFen)), sum(answer.rows.map((row) => row.openFen))],
    check: ['校验', null, '应得-已付-未付(元)', null, null, sum(answer.rows.map((row) => row.earnedFen - row.settledFen - row.openFen))],
  };
}
