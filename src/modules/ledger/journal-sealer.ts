import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { sealText } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { Outbox } from '../../infra/queue/outbox.js';

const BATCH = 500;
/** A transfer may commit after one with a higher position; nothing commits this many positions late. */
export const LATE_POSITIONS = 20_000;
/** How far back a look is cheap enough to be taken for each payment. */
const NEAR_POSITIONS = 500;
const LOCK = 'rehufan-journal-seal';

/** The hash before the first seal. */
export const GENESIS_HASH = '0'.repeat(64);

/** One link: any change to a sealed transfer, or its removal, breaks every later link. */
export function sealHash(seq: number, transferId: string, contentHash: string, previousHash: string): string {
  return sha256Hex(sealText(seq, transferId, contentHash, previousHash));
}

/**
 * Chains committed transfers in the order in which they become visible, after commit and off the payment path. One
 * sealer works at a time (a named lock of the database); the sequence has no gaps, so a missing link is seen.
 */
@Injectable()
export class JournalSealer {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock, private readonly outbox: Outbox) {}

  /**
   * Seals what waits near the end of the chain, and this transfer wherever it lies. As every transfer is told once it
   * has committed, one that commits late is sealed by its own message.
   *
   * @throws Error when another sealer keeps the chain; its message is then to be told again
   */
  async sealTransfer(transferId: string): Promise<void> {
    if (!await this.waits(transferId)) return;
    await this.sealCommitted(NEAR_POSITIONS);
    if (!await this.waits(transferId)) return;
    await this.sealCommitted();
    if (await this.waits(transferId)) throw new Error(`transfer ${transferId} waits for another sealer`);
  }

  private async waits(transferId: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      'SELECT t.id FROM transfer t WHERE t.id = ? AND NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.transfer_id = t.id)', [transferId]);
    return rows.length > 0;
  }

  /**
   * @param lookBack how many positions behind the last sealed one are looked through for what committed late
   * @returns how many transfers were sealed; 0 also when another sealer is at work
   */
  async sealCommitted(lookBack: number = LATE_POSITIONS): Promise<number> {
    let total = 0;
    for (;;) {
      const sealed = await this.dataSource.transaction('READ COMMITTED', (tx) => this.sealBatch(tx, lookBack));
      total += sealed;
      if (sealed < BATCH) return total;
    }
  }

  private async sealBatch(tx: EntityManager, lookBack: number): Promise<number> {
    const [lock] = await tx.query<{ got: number }[]>(`SELECT GET_LOCK('${LOCK}', 2) AS got`);
    if (lock?.got !== 1) return 0;
    try {
      const [last] = await tx.query<{ seq: number; hash: string }[]>('SELECT seq, hash FROM journal_seal ORDER BY seq DESC LIMIT 1 FOR UPDATE');
      const [reach] = await tx.query<{ position: number | null }[]>('SELECT MAX(transfer_position) AS position FROM journal_seal');
      const rows = await tx.query<{ id: string; position: number; contentHash: string }[]>(
        `SELECT t.id, t.position, t.content_hash AS contentHash FROM transfer t
         LEFT JOIN journal_seal s ON s.transfer_id = t.id
         WHERE t.position > ? AND s.transfer_id IS NULL ORDER BY t.position LIMIT ?`,
        [Math.max(0, Number(reach?.position ?? 0) - lookBack), BATCH],
      );
      await this.append(tx, rows, Number(last?.seq ?? 0), last?.hash ?? GENESIS_HASH);
      return rows.length;
    } finally {
      await tx.query(`SELECT RELEASE_LOCK('${LOCK}')`);
    }
  }

  private async append(tx: EntityManager, rows: readonly { id: string; position: number; contentHash: string }[], lastSeq: number, lastHash: string): Promise<void> {
    if (rows.length === 0) return;
    const now = this.clock.now();
    let previous = lastHash;
    const links = rows.map((row, index) => {
      const seq = lastSeq + index + 1;
      const hash = sealHash(seq, row.id, row.contentHash, previous);
      const link = [seq, row.id, row.position, row.contentHash, previous, hash, now];
      previous = hash;
      return link;
    });
    await tx.query(
      'INSERT INTO journal_seal (seq, transfer_id, transfer_position, content_hash, previous_hash, hash, sealed_at) VALUES ?', [links],
    );
    await this.outbox.add(tx, { type: 'journal.sealed', payload: { seq: lastSeq + rows.length } });
  }
}
