import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DEVICE_CLOCK_TOLERANCE_MS } from '../../contract/devices.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';

/** A nonce is kept as long as its request could be replayed within the clock tolerance, with ample reserve. */
const KEEP_MS = 10 * DEVICE_CLOCK_TOLERANCE_MS;

/** Forgets the nonces of requests that are too old to be accepted again anyway. */
@Injectable()
export class NoncePurge implements OnModuleInit {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock, private readonly upkeep: Upkeep) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'device-nonces', run: () => this.purge() });
  }

  /** @returns nonces forgotten */
  async purge(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEEP_MS);
    const result: unknown = await this.dataSource.query('DELETE FROM device_nonce WHERE at < ?', [before]);
    return affectedRows(result);
  }
}
