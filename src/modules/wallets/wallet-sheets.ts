import { Injectable } from '@nestjs/common';
import type { StatementAnswer, WalletMovementsAnswer, WalletMovementsFilter } from '../../contract/wallets.js';
import { clockText } from '../../domain/kernel/business-day.js';
import { businessDayOf } from '../../domain/kernel/business-day.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import type { SheetPlan } from '../../infra/sheets/sheet-file.js';
import { SheetWriter } from '../../infra/sheets/sheet-writer.js';

const KINDS: Readonly<Record<string, string>> = {
  'top-up': '充值', 'top-up-reversal': '撤销充值', 'meal-sale': '用餐', 'meal-reversal': '退餐', 'wallet-refund': '退款', 'wallet-release': '余额领取', 'debt-payment': '还欠款', 'debt-write-off': '核销欠款', 'write-off-reversal': '撤销核销', 'offline-difference': '无网差额', 'offline-reversal': '退餐，无网差额收回', 'meal-repayment': '追回的餐，自付部分转入', 'debt-return': '退餐，已还的欠款转回',
  'donation-grant': '捐助发放', 'donation-return': '捐助退回', 'points-grant': '积分发放', 'points-use': '积分使用',
};
/** The word of a kind of transfer in sheets. */
export const kindWord = (kind: string): string => KINDS[kind] ?? kind;
const stamp = (iso: string): string => `${businessDayOf(new Date(iso))} ${clockText(new Date(iso))}`;

/** Statements and movements as spreadsheet files. */
@Injectable()
export class WalletSheets {
  constructor(private readonly sheets: SheetWriter) {}

  async statement(answer: StatementAnswer, staff: StaffIdentity): Promise<{ fileName: string; content: Buffer }> {
    return { fileName: `对账单-${answer.from}-${answer.to}.xlsx`, content: await this.sheets.write(statementPlan(answer, staff.displayName)) };
  }

  async movements(answer: WalletMovementsAnswer, filter: WalletMovementsFilter, staff: StaffIdentity): Promise<{ fileName: string; content: Buffer }> {
    const plan: SheetPlan = {
      sheet: '储值流水',
      band: [['热乎饭', '储值流水'], ['期间', `${filter.from} 至 ${filter.to}`], ['条件', filter.kind === undefined ? '全部' : kindWord(filter.kind)], ['生成', `${stamp(answer.generatedAt)} ${staff.displayName}`]],
      columns: [
        { title: '流水编号', kind: 'text', width: 38 }, { title: '时间', kind: 'text', width: 18 }, { title: '类型', kind: 'text', width: 12 }, { title: '姓名', kind: 'text', width: 10 },
        { title: '助餐点', kind: 'text', width: 22 }, { title: '来源', kind: 'text', width: 20 }, { title: '金额(元)', kind: 'yuan', width: 14 },
      ],
      rows: answer.rows.map((row) => [row.transferId, stamp(row.at), kindWord(row.kind), row.maskedName, row.pointName, row.source, row.amountFen]),
      totals: ['合计', null, null, null, null, null, answer.rows.reduce((sum, row) => sum + row.amountFen, 0)],
      check: ['校验', '期初+收入-支出-期末(元)', null, null, null, null, answer.openingFen + answer.inFen - answer.outFen - answer.closingFen],
    };
    return { fileName: `储值流水-${filter.from}-${filter.to}.xlsx`, content: await this.sheets.write(plan) };
  }
}

function statementPlan(answer: StatementAnswer, maker: string): SheetPlan {
  const discount = (line: StatementAnswer['lines'][number], merchant: boolean): number => line.discounts.filter((part) => part.isMerchant === merchant).reduce((sum, part) => sum + part.amountFen, 0);
  return {
    sheet: '对账单',
    band: [
      ['热乎饭', '储值账户对账单'], ['姓名', answer.name], ['助餐点', answer.pointName], ['期间', `${answer.from} 至 ${answer.to}`],
      ['期初', (answer.opening.walletFen / 100).toFixed(2)], ['期末', (answer.closing.walletFen / 100).toFixed(2)],
      ['如现在退款', `本人原因 ${(answer.refund.consumerFen / 100).toFixed(2)} 元；经营者原因 ${(answer.refund.operatorFen / 100).toFixed(2)} 元`],
      ['生成', `${stamp(answer.generatedAt)} ${maker}`],
    ],
    columns: [
      { title: '流水编号', kind: 'text', width: 38 }, { title: '时间', kind: 'text', width: 18 }, { title: '类型', kind: 'text', width: 12 }, { title: '助餐点', kind: 'text', width: 20 },
      ...['原价(元)', '政府补贴(元)', '餐厅优惠(元)', '本人付(元)', '自有资金变动(元)', '捐助变动(元)', '欠款变动(元)'].map((title) => ({ title, kind: 'yuan' as const, width: 12 })),
      { title: '积分变动', kind: 'count', width: 10 }, { title: '余额(元)', kind: 'yuan', width: 12 },
    ],
    rows: answer.lines.map((line) => [
      line.transferId, stamp(line.at), kindWord(line.kind), line.pointName, line.grossFen, discount(line, false), discount(line, true), line.paidFen,
      line.walletFen, line.donationFen, line.debtFen, line.points, line.balanceFen,
    ]),
    totals: [
      '合计', null, null, null, answer.totals.grossFen, answer.totals.publicFen, answer.totals.merchantFen, answer.totals.paidFen, answer.closing.walletFen - answer.opening.walletFen,
      answer.closing.donationFen - answer.opening.donationFen, answer.closing.debtFen - answer.opening.debtFen, answer.closing.points - answer.opening.points, answer.closing.walletFen,
    ],
    check: [],
  };
}
