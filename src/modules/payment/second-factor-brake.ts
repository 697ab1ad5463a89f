import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { doublingWaitS } from '../../domain/kernel/doubling-wait.js';
import { Clock } from '../../infra/clock/clock.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { AuditTrail } from '../audit/index.js';

/** A slip of the finger happens. */
const WAIT = { freeFailures: 3, firstWaitS: 30, longestWaitS: 15 * 60 } as const;
const FORGET_MS = 60 * 60_000;

/** Who asks for whose second proof, by which factor. */
export interface SecondFactorAttempt {
  readonly staffId: string;
  readonly seniorId: string;
  readonly factor: string;
}

interface DelayRow { failures: number; not_before: Date; last_attempt_at: Date }

/**
 * Keeps a member of staff from guessing a senior's second proof: four digits have ten thousand values. Others may go on
 * serving that senior, and that member of staff all other seniors.
 */
@Injectable()
export class SecondFactorBrake {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail,
    private readonly clock: Clock, private readonly config: AppConfig,
  ) {}

  /**
   * Counts the attempt as wrong before it is looked at, so that many at once cannot slip through.
   * @throws DomainError PAYMENT.SECOND_FACTOR_WAIT with retryAfterS; audited
   */
  async begin(attempt: SecondFactorAttempt): Promise<void> {
    if (!this.config.throttle) return;
    const waitS = await this.unitOfWork.run((tx) => this.take(tx, attempt));
    if (waitS === 0) return;
    await this.recordDenial(attempt, 'PAYMENT.SECOND_FACTOR_WAIT');
    throw new DomainError('PAYMENT.SECOND_FACTOR_WAIT', 'too-many', { retryAfterS: waitS });
  }

  /** The proof was right: nothing is remembered against this pair. */
  async held({ staffId, seniorId }: SecondFactorAttempt): Promise<void> {
    if (!this.config.throttle) return;
    await this.unitOfWork.reader.query('DELETE FROM second_factor_delay WHERE staff_id = ? AND senior_id = ?', [staffId, seniorId]);
  }

  /** Writes to the audit trail that a proof was refused; what was shown is not written. */
  async recordDenial({ staffId, seniorId, factor }: SecondFactorAttempt, code: string): Promise<void> {
    await this.audit.record({
      actorKind: 'staff', actorId: staffId, action: 'second-factor.refused', objectKind: 'senior', objectId: seniorId, outcome: 'denied', detail: { code, factor },
    });
  }

  /** @returns seconds to wait, 0 where the attempt may go on (and is counted) */
  private async take(tx: EntityManager, { staffId, seniorId }: SecondFactorAttempt): Promise<number> {
    const now = this.clock.now();
    // An update of nothing takes the row's exclusive lock at once; INSERT IGNORE would share it and then deadlock.
    await tx.query(
      `INSERT INTO second_factor_delay (staff_id, senior_id, failures, not_before, last_attempt_at) VALUES (?, ?, 0, ?, ?)
       ON DUPLICATE KEY UPDATE staff_id = staff_id`, [staffId, seniorId, now, now],
    );
    const [row] = await tx.query<DelayRow[]>(
      'SELECT failures, not_before, last_attempt_at FROM second_factor_delay WHERE staff_id = ? AND senior_id = ? FOR UPDATE', [staffId, seniorId],
    );
    const waitMs = row === undefined ? 0 : row.not_before.getTime() - now.getTime();
    if (waitMs > 0) return Math.ceil(waitMs / 1_000);
    const before = row === undefined || now.getTime() - row.last_attempt_at.getTime() > FORGET_MS ? 0 : row.failures;
    await tx.query(
      'UPDATE second_factor_delay SET failures = ?, not_before = ?, last_attempt_at = ? WHERE staff_id = ? AND senior_id = ?',
      [before + 1, new Date(now.getTime() + doublingWaitS(before + 1, WAIT) * 1_000), now, staffId, seniorId],
    );
    return 0;
  }
}
