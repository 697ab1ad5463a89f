import { Injectable } from '@nestjs/common';
import type { DemoKioskCodeAnswer } from '../../contract/kiosk.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { DeviceCodes } from './device-code.js';

/** Lets a newcomer try the kiosk of the first point of the demo street. A real street has no such door. */
@Injectable()
export class IssueDemoKioskCode {
  constructor(private readonly config: AppConfig, private readonly unitOfWork: UnitOfWork, private readonly codes: DeviceCodes) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside of demo mode and where no demo street exists */
  async execute(): Promise<DemoKioskCodeAnswer> {
    if (!this.config.demo) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return this.unitOfWork.run(async (tx) => {
      const [point] = await tx.query<{ id: string; name: string }[]>(
        `SELECT p.id, p.name FROM point p JOIN community c ON c.id = p.community_id JOIN street s ON s.id = c.street_id
         WHERE s.is_demo = 1 ORDER BY p.code LIMIT 1`,
      );
      if (point === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
      const { code } = await this.codes.issue(tx, { pointId: point.id, name: '演示机', createdBy: null });
      return { code, pointName: point.name };
    });
  }
}
