import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OfflineRecord, OfflineSale, OfflineSalesAnswer, OfflineSalesRequest } from '../../contract/offline.js';
import { businessDayOf } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { judgeOfflineSale, placeInChain } from '../../domain/offline/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import { AuditTrail } from '../audit/index.js';
import { SeniorDirectory } from '../seniors/index.js';
import { DayGate } from '../sites/index.js';
import { readRecord, type ArrivedSale } from './arrived-sale.js';
import { markOf } from './envelope-mark.js';
import { OfflineSaleStore, type KeptSale, type SaleOutcome, type StoredEnvelope } from './offline-sale-store.js';
import { PostOfflineSale } from './post-offline-sale.js';

interface Sender { readonly deviceId: string; readonly pointId: string; readonly signingKey: string; readonly revokedAtMs: number | null }
type Result = OfflineSalesAnswer['results'][number];

/**
 * Takes in what a kiosk sold without network. Each record is kept for good, whatever is wrong with it, and answered, so
 * that the kiosk can let go of it; what fits is priced again and posted, the rest waits for a person with a reason.
 */
@Injectable()
export class TakeOfflineSales {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly store: OfflineSaleStore, private readonly post: PostOfflineSale, private readonly gate: DayGate, private readonly seniors: SeniorDirectory,
    private readonly audit: AuditTrail, private readonly keyring: Keyring, private readonly clock: Clock,
  ) {}

  /** @throws DomainError DEVICE.NOT_FOUND */
  async execute(deviceId: string, request: OfflineSalesRequest): Promise<OfflineSalesAnswer> {
    const found = await this.store.deviceKey(deviceId);
    if (found === null) throw new DomainError('DEVICE.NOT_FOUND', 'not-found');
    const sender: Sender = { deviceId, pointId: found.pointId, signingKey: found.signingKey, revokedAtMs: found.revokedAt?.getTime() ?? null };
    const results: Result[] = [];
    for (const record of request.records) results.push(await this.take(sender, record));
    return { results, serverTimeMs: this.clock.now().getTime() };
  }

  /** Gives their places to records that waited for one that has now come, or that a person has decided not to wait for. */
  async catchUp(deviceId: string): Promise<void> {
    const found = await this.store.deviceKey(deviceId);
    if (found === null) return;
    const sender: Sender = { deviceId, pointId: found.pointId, signingKey: found.signingKey, revokedAtMs: found.revokedAt?.getTime() ?? null };
    for (let waiting = await this.store.waitingNext(deviceId); waiting !== null; waiting = await this.store.waitingNext(deviceId)) {
      await this.settle(sender, readRecord(waiting, sender.signingKey), waiting.id);
    }
  }

  private async take(sender: Sender, record: OfflineRecord): Promise<Result> {
    const arrived = readRecord(record, sender.signingKey);
    const known = await this.store.known(sender.deviceId, arrived.hash);
    if (known !== null) return resultOf(arrived.hash, known);
    try {
      const outcome = await this.settle(sender, arrived, null);
      await this.catchUp(sender.deviceId);
      return { hash: arrived.hash, state: outcome.state, code: outcome.code, mealId: outcome.mealId };
    } catch (error) {
      if (!isDuplicateKey(error, 'uq_offline_sale_record')) throw error;
      const twin = await this.store.known(sender.deviceId, arrived.hash); // the same record came twice at once
      if (twin === null) throw error;
      return resultOf(arrived.hash, twin);
    }
  }

  /** In one transaction place, judgement, meal and record; where the books refuse, in a second one the record with the reason. */
  private async settle(sender: Sender, arrived: ArrivedSale, keptId: string | null): Promise<SaleOutcome> {
    try {
      return await this.unitOfWork.run((tx) => this.place(tx, sender, arrived, keptId, null));
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      return this.unitOfWork.run((tx) => this.place(tx, sender, arrived, keptId, error));
    }
  }

  private async place(tx: EntityManager, sender: Sender, arrived: ArrivedSale, keptId: string | null, refusal: DomainError | null): Promise<SaleOutcome> {
    const head = await this.store.lockHead(tx, sender.deviceId);
    const at = { deviceId: sender.deviceId, pointId: sender.pointId, keptId };
    const { sale } = arrived;
    if (!arrived.genuine || sale === null) return this.hold(tx, at, arrived, review(arrived.genuine ? 'OFFLINE.UNREADABLE' : 'OFFLINE.SIGNATURE'));
    const place = placeInChain(head, sale);
    if (place === 'gap') return this.hold(tx, at, arrived, { state: 'waiting', code: 'OFFLINE.GAP', mealId: null, dueFen: null });
    if (place === 'repeat') return this.hold(tx, at, arrived, review('OFFLINE.SEQ_REPEATED'));
    await this.store.advance(tx, sender.deviceId, { seq: sale.seq, hash: arrived.hash, soldAtMs: sale.atMs });
    if (place === 'broken') return this.hold(tx, at, arrived, review('OFFLINE.CHAIN_BROKEN'));
    if (refusal !== null) {
      const due = refusal.details['dueFen'];
      return this.hold(tx, at, arrived, { ...review(refusal.code), dueFen: typeof due === 'number' ? due : null });
    }
    const envelope = await this.store.envelope(tx, sender.deviceId, sale.envelopeId);
    const code = await this.judge(tx, sender, sale, envelope, head.soldAtMs);
    if (code !== null) return this.hold(tx, at, arrived, review(code), envelope);
    const { mealId, dueFen } = await this.post.execute(tx, { ...at, hash: arrived.hash, sale, mayExceed: false, late: null });
    const outcome: SaleOutcome = { state: 'posted', code: null, mealId, dueFen };
    await this.store.keep(tx, at, arrived, outcome, envelope?.day ?? null);
    return outcome;
  }

  private async judge(tx: EntityManager, sender: Sender, sale: OfflineSale, envelope: StoredEnvelope | null, previousAtMs: number | null): Promise<string | null> {
    const day = businessDayOf(new Date(sale.atMs));
    const { claim } = sale;
    const cardBlocked = claim.kind === 'card' && !await this.seniors.holdsCard(sale.personCode, claim.mark, tx);
    return judgeOfflineSale({
      envelope, offered: sale.mark === markOf(this.keyring, sale), atMs: sale.atMs, day, receivedAtMs: this.clock.now().getTime(), previousAtMs, previous: await this.store.previous(tx, sender.deviceId, sale),
      dueFen: sale.dueFen, claim, cardBlocked, earlier: await this.store.earlier(tx, sender.deviceId, envelope?.day ?? day, sale),
      revokedAtMs: sender.revokedAtMs, dayClosed: await this.gate.isClosed(tx, sender.pointId, day),
    });
  }

  private async hold(tx: EntityManager, at: { deviceId: string; pointId: string; keptId: string | null }, arrived: ArrivedSale, outcome: SaleOutcome, envelope: StoredEnvelope | null = null): Promise<SaleOutcome> {
    const day = envelope?.day ?? (arrived.sale === null ? null : businessDayOf(new Date(arrived.sale.atMs)));
    await this.store.keep(tx, at, arrived, outcome, day);
    await this.audit.record({
      actorKind: 'device', actorId: at.deviceId, action: 'offline-sale.held', objectKind: 'offline-sale', objectId: arrived.hash.slice(0, 36), outcome: 'done',
      detail: { code: outcome.code, seq: arrived.sale?.seq ?? null },
    }, tx);
    return outcome;
  }
}

const review = (code: string): SaleOutcome => ({ state: 'review', code, mealId: null, dueFen: null });

function resultOf(hash: string, { state, code, mealId }: KeptSale): Result {
  return { hash, state, code, mealId };
}
