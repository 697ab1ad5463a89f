import type { ClaimAnswer, ClaimLineData } from '../../../contract/finance-claims.js';
import { CHANNEL_WORDS, PERIOD_WORDS, TENDER_WORDS, ageTierWords, categoryWords } from '../../../contract/finance.words.js';
import { businessDayOf, clockText } from '../../../domain/kernel/business-day.js';
import { countsFor } from '../../../domain/settlement/index.js';
import { sumFen } from '../../../domain/kernel/money.js';
import type { SheetColumn, SheetPlan, SheetValue } from '../../../infra/sheets/sheet-file.js';

const STATUS: Readonly<Record<ClaimAnswer['status'], string>> = { draft: '草稿', checked: '已复核', signed: '一人已签', frozen: '已冻结' };
const LINE: Readonly<Record<ClaimLineData['line'], string>> = { meal: '整餐（不计入应付）', relief: '补贴', 'operator-payment': '付运营方', tender: '个人付（不计入应付）', delivery: '配送', advance: '扣回预付', carried: '抵扣前月余额' };
const CAUSE: Readonly<Record<NonNullable<ClaimLineData['cause']>, string>> = { reversed: '冲销往月用餐', 'late-meal': '迟到的用餐', 'late-reversal': '迟到的冲销' };
const TEXT: readonly (readonly [title: string, width: number])[] = [
  ['行号', 8], ['类型', 20], ['出资方或渠道', 14], ['助餐点', 24], ['餐次', 8], ['方式', 8], ['年龄段', 12], ['人员类别', 14], ['规则', 20], ['政策版本', 38],
];

/** Names that lines carry as ids only. */
export interface ClaimSheetNames {
  readonly point: (id: string) => string;
  readonly payer: (code: string) => string;
  readonly maker: string;
  readonly generatedAt: Date;
}

/** A claim as a sheet: head and signatures above, one row a line, totals as values, and the difference between both. */
export function claimSheet(claim: ClaimAnswer, lines: readonly ClaimLineData[], names: ClaimSheetNames): SheetPlan {
  const party = { kind: claim.partyKind, code: claim.partyCode };
  const counted = lines.filter((line) => countsFor(party, line));
  const payable = (line: ClaimLineData): number => (countsFor(party, line) ? line.amountFen : 0);
  return {
    sheet: '月度结算',
    band: band(claim, names),
    columns: [
      ...TEXT.map(([title, width]): SheetColumn => ({ title, kind: 'text', width })),
      ...['售出', '冲销'].map((title): SheetColumn => ({ title, kind: 'count', width: 8 })),
      ...['原价(元)', '个人付(元)', '金额(元)', '计入应付(元)'].map((title): SheetColumn => ({ title, kind: 'yuan', width: 13 })),
      ...[['调整原因', 16], ['调整月份', 10], ['用餐、站、预付或结算单编号', 38], ['日期', 12]].map(([title, width]): SheetColumn => ({ title: String(title), kind: 'text', width: Number(width) })),
    ],
    rows: lines.map((line) => [...values(line, names), line.amountFen, payable(line), ...adjusted(line)]),
    totals: ['合计', ...Array.from({ length: 9 }, () => null), ...sums(claim, lines), null, claim.payableFen],
    check: ['校验', '各行之和减应付(元)', ...Array.from({ length: 13 }, () => null), sumFen(counted.map((line) => line.amountFen)) - claim.payableFen],
  };
}

function sums(claim: ClaimAnswer, lines: readonly ClaimLineData[]): SheetValue[] {
  const meals = lines.filter((line) => line.line === (claim.partyKind === 'payer' ? 'relief' : 'meal'));
  const count = (pick: (line: ClaimLineData) => number): number => meals.reduce((sum, line) => sum + pick(line), 0);
  return [count((line) => line.sold), count((line) => line.reversed), claim.grossFen, claim.dueFen];
}

function values(line: ClaimLineData, names: ClaimSheetNames): SheetValue[] {
  const party = line.line === 'tender' ? TENDER_WORDS[line.partyCode]?.zh ?? line.partyCode : line.partyCode === '' ? '' : names.payer(line.partyCode);
  return [
    String(line.lineNo), LINE[line.line], party, names.point(line.pointId), PERIOD_WORDS[line.period]?.zh ?? line.period,
    CHANNEL_WORDS[line.channel]?.zh ?? line.channel, ageTierWords(line.ageTier).zh, categoryWords(line.categoryCode).zh, line.ruleId, line.policyVersionId,
    line.sold, line.reversed, line.grossFen, line.dueFen,
  ];
}

function adjusted(line: ClaimLineData): SheetValue[] {
  if (line.sourceId !== null) return [null, null, line.sourceId, line.adjustsDay];
  return line.cause === null ? [null, null, null, null] : [CAUSE[line.cause], line.adjustsMonth, line.adjustsMealId, line.adjustsDay];
}

/** What makes the file traceable: period, party, snapshot, hash, signatures, and the chain it rests on. */
function band(claim: ClaimAnswer, names: ClaimSheetNames): [name: string, value: string][] {
  const signed = claim.acts.filter((act) => act.act !== 'returned').map((act) => `${ACT[act.act] ?? act.act} ${act.staffName} ${instantText(new Date(act.at))}`);
  return [
    ['热乎饭', `${claim.streetName} 老年助餐月度结算 ${claim.month}`],
    [claim.partyKind === 'payer' ? '出资方' : '运营方', claim.partyLabel.zh],
    ['期间', `${claim.month}（${STATUS[claim.status]}）`],
    ['条件', '全部'],
    ['人数、份数', `${claim.persons} 人，${claim.meals} 份`],
    ['合同', claim.operators.map((one) => `${one.name} ${one.contractNo}，收款户名 ${one.bankAccountName}`).join('；')],
    ['政策', claim.policies.map((policy) => `${policy.name}（${policy.sourceDocument}，${policy.effectiveFrom} 起）`).join('；') || '无'],
    ['快照编号', claim.snapshotId],
    ['明细指纹', claim.detailHash],
    ['账本', `封存第 ${claim.throughSeq} 环 ${claim.sealHash}`],
    ['当日链根', claim.root === null ? '当日尚未结束' : `${claim.root.day} 第 ${claim.root.lastSeq} 环 ${claim.root.hash}`],
    ['签字', signed.join('；')],
    ['生成', `${instantText(names.generatedAt)} ${names.maker}`],
  ];
}

const ACT: Readonly<Record<string, string>> = { made: '经办', checked: '复核', signed: '签字', frozen: '冻结' };
const instantText = (at: Date): string => `${businessDayOf(at)} ${clockText(at)}`;
