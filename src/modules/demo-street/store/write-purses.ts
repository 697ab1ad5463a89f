import { instantOf, type BusinessDay } from '../../../domain/kernel/business-day.js';
import { fen } from '../../../domain/kernel/money.js';
import {
  bankOf, channelAt, donationGrantPostings, fundOf, moving, paidInPostings, pointsIssuedBy, pointsOf, refundPostings, reversalPostings, walletOf, type Posting,
} from '../../../domain/ledger/index.js';
import { cardCheckDigit } from '../../../domain/persons/index.js';
import { identityHashes } from '../../../infra/crypto/identity-hashes.js';
import type { Keyring } from '../../../infra/crypto/keyring.js';
import type { IdMint } from '../id-mint.js';
import type { DemoSenior } from '../people/demo-senior.js';
import type { DemoStreet } from '../street/places.js';
import type { BulkWriter } from './bulk-writer.js';
import type { PastLedger } from './past-ledger.js';
import type { DemoDecisionMakers } from './write-staff.js';

/** The first people of a street are known from elsewhere; gifts and cards go to others. */
const FIRST = 12;
const GIFTS: readonly (readonly [fen: number, reference: string])[] = [[2_000_000, 'DEMO-GIFT-01'], [500_000, 'DEMO-GIFT-02']];
const HELPED = 6;
const GRANT_FEN = 30_000;
const VOLUNTEERS = 8;
const QR_AMOUNTS = [5_000, 10_000, 5_000, 20_000, 10_000, 5_000];
const BANK_CARDS = 10;
const REFUNDS = 2;
const REFUND_LEAST_FEN = 1_500;

interface World {
  readonly writer: BulkWriter; readonly ledger: PastLedger; readonly mint: IdMint; readonly keyring: Keyring; readonly street: DemoStreet;
  readonly people: readonly DemoSenior[]; readonly staff: DemoDecisionMakers;
}

/** What purses hold beside meals: charity, points, bank cards, payments by QR code with their bills, refunds under way. */
export class DemoPurses {
  private readonly some: readonly DemoSenior[];

  constructor(private readonly world: World) {
    this.some = world.people.filter((senior) => senior.status === 'active').slice(FIRST);
  }

  /** Before the first lunch: gifts arrive, charity and points are granted, bank cards are added. */
  begin(day: BusinessDay): void {
    const { street, keyring, writer } = this.world;
    if (this.some.length === 0) return;
    for (const [amountFen, reference] of GIFTS) {
      this.post('donation-gift', day, `gift ${reference}`, moving(bankOf(`gifts:${street.streetId}`), [{ account: fundOf(street.streetId), amountFen: fen(amountFen) }]), 545, '');
    }
    for (const senior of this.some.slice(0, HELPED)) {
      this.post('donation-grant', day, 'donation', donationGrantPostings(street.streetId, senior.id, fen(GRANT_FEN)), 550, '低收入，街道慰问（演示）');
    }
    this.some.slice(HELPED, HELPED + VOLUNTEERS).forEach((senior, index) => {
      this.post('points-grant', day, 'points', this.points(senior, 10 + index * 5), 555, '助餐点志愿服务（演示）');
    });
    this.some.slice(0, BANK_CARDS).forEach((senior, index) => {
      const digits = `621099${String(100_000_000 + index * 7_919)}`;
      const cardNo = `${digits}${cardCheckDigit(digits)}`;
      writer.add('senior_card', { card_hash: identityHashes.card(keyring, cardNo), senior_id: senior.id, last4: cardNo.slice(-4), active: 1, issued_at: instantOf(day, 560), kind: 'bank' });
    });
  }

  /** After the last lunch: points and charity used, payments by QR code and their bills, refunds. */
  end(day: BusinessDay): void {
    const { street } = this.world;
    const [helped] = this.some;
    const [volunteer, other] = this.some.slice(HELPED);
    if (helped === undefined) return;
    this.post('donation-return', day, 'donation', reversalPostings(donationGrantPostings(street.streetId, helped.id, fen(5_000))), 900, '住院，退回未用（演示）');
    if (volunteer !== undefined) this.post('points-use', day, 'points', reversalPostings(this.points(volunteer, 5)), 905, '换理发一次（演示）');
    if (other !== undefined) this.post('points-use', day, 'points', reversalPostings(this.points(other, 10)), 906, '换家政两小时（演示）');
    this.payByCode(day);
    this.refunds(day);
  }

  private payByCode(day: BusinessDay): void {
    const { writer, street, mint, staff } = this.world;
    const lines = { wechat: 0, alipay: 0 };
    const bill = (channel: 'wechat' | 'alipay', orderNo: string, transaction: string, amountFen: number, outcome: string, orderId: string | null): void => {
      lines[channel] += 1;
      writer.add('channel_bill_line', {
        street_id: street.streetId, channel, bill_day: day, line_no: lines[channel], kind: 'payment', order_no: orderNo, channel_transaction_id: transaction, amount_fen: amountFen, outcome, order_id: orderId, read_at: instantOf(day, 1_430),
      });
    };
    this.some.slice(HELPED + VOLUNTEERS, HELPED + VOLUNTEERS + QR_AMOUNTS.length).forEach((senior, index) => {
      const point = street.points[senior.pointIndex];
      if (point === undefined) return;
      const channel = index % 3 === 2 ? 'alipay' as const : 'wechat' as const;
      const amountFen = fen(QR_AMOUNTS[index] ?? 5_000);
      const id = mint.next<string>();
      const [orderNo, transaction, at] = [id.replaceAll('-', ''), `4200${id.slice(-12)}`, instantOf(day, 910 + index)];
      const transferId = this.post('top-up', day, `top-up ${channel}`, paidInPostings({ seniorId: senior.id, source: channelAt(channel, point.id), amountFen, debtFen: fen(0) }), 910 + index, '', point.id);
      writer.add('channel_order', {
        id, order_no: orderNo, channel, senior_id: senior.id, point_id: point.id, amount_fen: amountFen, state: 'paid', channel_transaction_id: transaction, asked_by: staff.attendant, asked_role: 'attendant',
        created_at: new Date(at.getTime() - 60_000), expires_at: new Date(at.getTime() + 840_000), paid_at: at, transfer_id: transferId,
      });
      bill(channel, orderNo, transaction, amountFen, 'matched', id);
    });
    // Somebody paid the code of the shop next door: a line that nobody ordered, for finance to explain.
    if (lines.wechat > 0) bill('wechat', 'DEMO0000000000000000000000000001', '4200DEMO000001', 1_880, 'unmatched', null);
    for (const [channel, count] of Object.entries(lines)) {
      if (count > 0) writer.add('channel_bill_reading', { street_id: street.streetId, channel, bill_day: day, line_count: count, read_at: instantOf(day, 1_430) });
    }
  }

  /** One refund waits for a second person, one is approved and waits for the bank. */
  private refunds(day: BusinessDay): void {
    const { writer, mint, staff, street, ledger } = this.world;
    const rich = this.some.slice(HELPED + VOLUNTEERS + QR_AMOUNTS.length).filter((senior) => ledger.balanceFen(walletOf(senior.id)) >= REFUND_LEAST_FEN).slice(0, REFUNDS);
    rich.forEach((senior, index) => {
      const point = street.points[senior.pointIndex];
      if (point === undefined) return;
      const amountFen = fen(ledger.balanceFen(walletOf(senior.id)));
      const decided = index === 1;
      const transferId = decided ? this.post('wallet-refund', day, 'refund operator bank', refundPostings({
        seniorId: senior.id, pointId: point.id, payoutTo: bankOf(street.streetId), payoutFen: amountFen, withheldFen: fen(0), debtFen: fen(0),
      }), 930, '', point.id) : null;
      const account = { kind: 'bank', accountName: senior.name, accountNo: `62220000${String(index).padStart(8, '0')}`, bankName: '演示银行', heir: null };
      writer.add('money_request', {
        id: mint.next<string>(), kind: 'refund', state: decided ? 'done' : 'asked', senior_id: senior.id, point_id: point.id, amount_fen: amountFen, cause: 'operator', pay_to_kind: 'bank',
        pay_to_cipher: this.world.keyring.seal('identity', JSON.stringify(account)), pay_to_label: `演示银行 **** ${account.accountNo.slice(-4)}`,
        detail: JSON.stringify({ payoutFen: amountFen, withheldFen: 0, settledFen: 0, consumerFen: amountFen, operatorFen: amountFen, basis: 'merchant-discount' }),
        reason: '搬到女儿家，不再用餐（演示）', asked_by: staff.attendant, asked_at: instantOf(day, 915), decided_by: decided ? staff.finance : null, decided_at: decided ? instantOf(day, 930) : null, transfer_id: transferId,
      });
    });
  }

  private points(senior: DemoSenior, points: number): Posting[] {
    return moving(pointsIssuedBy(this.world.street.streetId), [{ account: pointsOf(senior.id), amountFen: fen(points) }]);
  }

  private post(kind: Parameters<PastLedger['post']>[1], day: BusinessDay, memo: string, postings: readonly Posting[], minute: number, reason: string, pointId = this.world.street.points[0]?.id ?? ''): string {
    const { ledger, mint, writer } = this.world;
    const id = mint.next<string>();
    ledger.post(id, kind, day, pointId, memo, postings, instantOf(day, minute));
    if (reason !== '') writer.add('gift_note', { transfer_id: id, reason });
    return id;
  }
}
