import { strToU8, zipSync } from 'fflate';
import { billText } from '../../../src/modules/wallets/channels/bill-text.js';
import { readChannelBill } from '../../../src/modules/wallets/channels/channel-bill.js';

const WECHAT = [
  '\uFEFF交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,应结订单金额,退款金额',
  '`2026-11-24 11:30:05,`wx1,`1900,`4200001,`order1,`SUCCESS,`50.00,`0.00',
  '`2026-11-24 12:00:00,`wx1,`1900,`4200001,`order1,`REFUND,`0.00,`20.00',
  '总交易单数,应结订单总金额,退款总金额', '`2,`50.00,`20.00', '',
].join('\r\n');
const ALIPAY = [
  '#支付宝业务明细查询', '支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）', '2026A\t,order1\t,交易\t,2026-11-24 11:30:05,50.00\t', '2026A\t,order1\t,退款\t,2026-11-24 12:00:00,-20.00\t', '#结束', '',
].join('\n');
const LINES = [{ kind: 'payment', orderNo: 'order1', amountFen: 5_000, day: '2026-11-24' }, { kind: 'refund', orderNo: 'order1', amountFen: 2_000, day: '2026-11-24' }];

/** GBK has no encoder in the standard library; its decoder is read backwards. */
function gbk(text: string): Uint8Array {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<string, readonly number[]>();
  for (let high = 0x81; high <= 0xfe; high += 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) if (low !== 0x7f) codes.set(decoder.decode(Uint8Array.of(high, low)), [high, low]);
  }
  return Uint8Array.from([...text].flatMap((sign) => (sign.charCodeAt(0) < 0x80 ? [sign.charCodeAt(0)] : codes.get(sign) ?? [0x3f])));
}

describe('a channel’s daily bill', () => {
  it('is read in the words of each platform, refunds as amounts of their own kind', () => {
    expect(readChannelBill('wechat', WECHAT)).toMatchObject(LINES);
    expect(readChannelBill('alipay', ALIPAY)).toMatchObject(LINES);
  });

  it('of one platform is not the other’s, and half a bill is none', () => {
    expect([readChannelBill('alipay', WECHAT), readChannelBill('wechat', ALIPAY), readChannelBill('wechat', '')]).toEqual([null, null, null]);
    expect(readChannelBill('alipay', ALIPAY.replace('50.00', '50.005'))).toBeNull();
  });

  it('comes as text, in GBK, or in an archive beside its summary', () => {
    expect(billText(gbk(ALIPAY))).toBe(ALIPAY);
    const archive = zipSync({ 'x_业务明细(汇总).csv': strToU8('商户订单号'), 'x_业务明细.csv': gbk(ALIPAY), 'read.me': strToU8('no') });
    expect(billText(archive)).toBe(ALIPAY);
  });

  it('is not taken from an archive that is cut off, empty or a bomb', () => {
    const good = zipSync({ 'a.csv': strToU8(ALIPAY) });
    expect([billText(good.slice(0, -20)), billText(zipSync({ 'a.txt': strToU8(ALIPAY) })), billText(zipSync({ 'a.csv': new Uint8Array(30_000_000) }))]).toEqual([null, null, null]);
  });
});
