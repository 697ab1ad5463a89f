import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { UnsentKiosks, unsentSales } from '../devices/index.js';

/** A day is signed once its kiosks have told all, or somebody says why not. */
@Injectable()
export class KiosksTold {
  constructor(private readonly kiosks: UnsentKiosks) {}

  /** @returns how many kiosks owe the day something. @throws DomainError CLOSE.KIOSKS_UNSENT where one does and no reason is given */
  async requireReason(tx: EntityManager, pointId: string, day: BusinessDay, reason: string): Promise<number> {
    const owing = await this.kiosks.of(pointId, day, tx);
    if (owing.length > 0 && reason === '') throw new DomainError('CLOSE.KIOSKS_UNSENT', 'refused', { kiosks: owing.length, unsent: unsentSales(owing) });
    return owing.length;
  }
}
