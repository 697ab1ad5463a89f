import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { affectedRows } from '../../infra/database/columns.js';

const WINDOW_MS = 60_000;
const MAX_PROBES_PER_WINDOW = 12;
/** A live camera never gives the same 128 numbers twice; a year of memory makes a recording useless for long. */
const MEMORY_MS = 365 * 86_400_000;

/** Remembers every roaming probe as a keyed hash; the probe itself is never stored. */
@Injectable()
export class ProbeLog {
  constructor(private readonly dataSource: DataSource, private readonly keyring: Keyring, private readonly clock: Clock) {}

  /**
   * Notes a probe before anything is compared, outside of any other transaction: a refused comparison is remembered too.
   *
   * @throws DomainError FACE.TOO_MANY_PROBES (guessing by many probes), FACE.PROBE_REPEATED (a replayed descriptor)
   */
  async note(deviceId: string, probe: Buffer): Promise<void> {
    const now = this.clock.now();
    const hash = this.keyring.keyedHash('face', `probe:${probe.toString('base64')}`);
    const noted: unknown = await this.dataSource.query('INSERT IGNORE INTO face_probe (probe_hash, device_id, at) VALUES (?, ?, ?)', [hash, deviceId, now]);
    if (affectedRows(noted) !== 1) throw new DomainError('FACE.PROBE_REPEATED', 'refused');
    // Counted after it is written, so that of many at once each sees the others.
    const [row] = await this.dataSource.query<{ n: string | number }[]>(
      'SELECT COUNT(*) AS n FROM face_probe WHERE device_id = ? AND at > ? AND at <= ?',
      [deviceId, new Date(now.getTime() - WINDOW_MS), now],
    );
    if (Number(row?.n ?? 0) > MAX_PROBES_PER_WINDOW) {
      // What is not compared is not kept: a flood must not fill the table.
      await this.dataSource.query('DELETE FROM face_probe WHERE probe_hash = ?', [hash]);
      throw new DomainError('FACE.TOO_MANY_PROBES', 'refused');
    }
    await this.dataSource.query('DELETE FROM face_probe WHERE at < ? LIMIT 100', [new Date(now.getTime() - MEMORY_MS)]);
  }
}
