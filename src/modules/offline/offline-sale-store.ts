import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { OfflineSale, OfflineState } from '../../contract/offline.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { FIRST_HASH, type ChainHead, type OfflineLimits } from '../../domain/offline/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import type { ArrivedSale } from './arrived-sale.js';

export interface SaleOutcome {
  readonly state: OfflineState;
  readonly code: string | null;
  readonly mealId: string | null;
  readonly dueFen: number | null;
}

export interface KeptSale { readonly id: string; readonly text: string; readonly signature: string; readonly state: OfflineState; readonly code: string | null; readonly mealId: string | null }
export interface StoredEnvelope { readonly issuedAtMs: number; readonly validUntilMs: number; readonly day: BusinessDay; readonly limits: OfflineLimits; readonly maxRiskPpm: number | null }

const COLUMNS = 'id, record_text AS text, signature, state, code, meal_id AS mealId';

/** The rows of offline sales, of their chains and of the envelopes under which they were made. */
@Injectable()
export class OfflineSaleStore {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  /** A record that has come before: its outcome is the answer for ever. */
  async known(deviceId: string, hash: string, tx: EntityManager = this.dataSource.manager): Promise<KeptSale | null> {
    const [row] = await tx.query<KeptSale[]>(`SELECT ${COLUMNS} FROM offline_sale WHERE device_id = ? AND record_hash = ?`, [deviceId, hash]);
    return row ?? null;
  }

  /** The record that waits to be next in the chain of a device. */
  async waitingNext(deviceId: string): Promise<KeptSale | null> {
    const [row] = await this.dataSource.query<KeptSale[]>(
      `SELECT ${COLUMNS} FROM offline_sale WHERE device_id = ? AND state = 'waiting'
         AND seq = (SELECT seq + 1 FROM offline_chain WHERE device_id = ?) ORDER BY received_at LIMIT 1`, [deviceId, deviceId],
    );
    return row ?? null;
  }

  /** The head of a device's chain, locked until the transaction ends: records of one device take their places one by one. */
  async lockHead(tx: EntityManager, deviceId: string): Promise<ChainHead & { soldAtMs: number | null }> {
    await tx.query('INSERT IGNORE INTO offline_chain (device_id, seq, hash) VALUES (?, 0, ?)', [deviceId, FIRST_HASH]);
    const [row] = await tx.query<{ seq: number; hash: string; soldAt: Date | null }[]>(
      'SELECT seq, hash, sold_at AS soldAt FROM offline_chain WHERE device_id = ? FOR UPDATE', [deviceId],
    );
    return { seq: Number(row?.seq ?? 0), hash: row?.hash ?? FIRST_HASH, soldAtMs: row?.soldAt?.getTime() ?? null };
  }

  async advance(tx: EntityManager, deviceId: string, head: ChainHead & { soldAtMs: number }): Promise<void> {
    await tx.query('UPDATE offline_chain SET seq = ?, hash = ?, sold_at = ? WHERE device_id = ?', [head.seq, head.hash, new Date(head.soldAtMs), deviceId]);
  }

  /** Writes a record down, or the new outcome of one that is kept already. */
  async keep(tx: EntityManager, at: { deviceId: string; pointId: string; keptId: string | null }, arrived: ArrivedSale, outcome: SaleOutcome, mealDay: BusinessDay | null): Promise<void> {
    if (at.keptId !== null) {
      await tx.query('UPDATE offline_sale SET state = ?, code = ?, meal_id = ?, due_fen = ? WHERE id = ?', [outcome.state, outcome.code, outcome.mealId, outcome.dueFen, at.keptId]);
      return;
    }
    const { sale, record } = arrived;
    const read = sale === null ? Array<null>(8).fill(null)
      : [sale.seq, sale.previousHash, sale.key, sale.envelopeId, new Date(sale.atMs), sale.personCode, sale.setMealId, sale.dueFen];
    await tx.query(
      `INSERT INTO offline_sale (id, device_id, point_id, record_hash, record_text, signature, received_at, genuine, seq, previous_hash, sale_key, envelope_id,
         sold_at, person_code, set_meal_id, shown_fen, meal_day, due_fen, state, code, meal_id) VALUES (?)`,
      [[
        newId(), at.deviceId, at.pointId, arrived.hash, record.text, record.signature, this.clock.now(), arrived.genuine ? 1 : 0, ...read,
        mealDay, outcome.dueFen, outcome.state, outcome.code, outcome.mealId,
      ]],
    );
  }

  async envelope(tx: EntityManager, deviceId: string, envelopeId: string): Promise<StoredEnvelope | null> {
    const [row] = await tx.query<{ issuedAt: Date; validUntil: Date; day: BusinessDay; limits: unknown; maxRiskPpm: number | null }[]>(
      'SELECT issued_at AS issuedAt, valid_until AS validUntil, business_day AS day, limits, max_risk_ppm AS maxRiskPpm FROM offline_envelope WHERE id = ? AND device_id = ?', [envelopeId, deviceId],
    );
    return row === undefined ? null : {
      issuedAtMs: row.issuedAt.getTime(), validUntilMs: row.validUntil.getTime(), day: row.day, limits: parseJson<OfflineLimits>(row.limits), maxRiskPpm: row.maxRiskPpm,
    };
  }

  /** What the device has sold without network before this sale on the same day, and how often to this person in this period. */
  async earlier(tx: EntityManager, deviceId: string, day: string, sale: OfflineSale): Promise<{ sales: number; fen: number; ofPerson: number }> {
    const [row] = await tx.query<{ sales: number; fen: number | null; ofPerson: number | null }[]>(
      `SELECT COUNT(*) AS sales, SUM(o.shown_fen) AS fen, SUM(o.person_code = ? AND m.period = (SELECT period FROM set_meal WHERE id = ?)) AS ofPerson
       FROM offline_sale o LEFT JOIN set_meal m ON m.id = o.set_meal_id
       WHERE o.device_id = ? AND o.meal_day = ? AND o.genuine = 1 AND o.seq < ? AND o.state <> 'rejected'`, [sale.personCode, sale.setMealId, deviceId, day, sale.seq],
    );
    return { sales: Number(row?.sales ?? 0), fen: Number(row?.fen ?? 0), ofPerson: Number(row?.ofPerson ?? 0) };
  }

  /** Of the sale whose hash this one names: to whom it was, and when the one before that was made; null where it has not arrived. */
  async previous(tx: EntityManager, deviceId: string, sale: OfflineSale): Promise<{ toAnother: boolean; beforeAtMs: number | null } | null> {
    const [row] = await tx.query<{ personCode: string | null; before: Date | null }[]>(
      `SELECT o.person_code AS personCode, b.sold_at AS \`before\` FROM offline_sale o
       LEFT JOIN offline_sale b ON b.device_id = o.device_id AND b.record_hash = o.previous_hash WHERE o.device_id = ? AND o.record_hash = ?`,
      [deviceId, sale.previousHash],
    );
    return row === undefined ? null : { toAnother: row.personCode !== sale.personCode, beforeAtMs: row.before?.getTime() ?? null };
  }

  async deviceKey(deviceId: string): Promise<{ signingKey: string; pointId: string; revokedAt: Date | null } | null> {
    const [row] = await this.dataSource.query<{ signingKey: string; pointId: string; revokedAt: Date | null }[]>(
      'SELECT signing_key_jwk AS signingKey, point_id AS pointId, revoked_at AS revokedAt FROM device WHERE id = ?', [deviceId],
    );
    return row ?? null;
  }
}
