import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PointId } from '../../domain/kernel/ids.js';
import { newId } from '../../infra/ids.js';
import { OpenCashShift } from '../wallets/index.js';

const FLOAT_FEN = 20_000;

/** Opens a drawer for every demo attendant who has none, so that a visitor can take cash at once. */
@Injectable()
export class OpenDemoDrawers {
  constructor(private readonly dataSource: DataSource, private readonly openShift: OpenCashShift) {}

  /** @returns how many drawers were opened */
  async execute(): Promise<number> {
    const attendants = await this.dataSource.query<{ staffId: string; pointId: PointId }[]>(
      `SELECT s.id AS staffId, s.scope_id AS pointId FROM staff s WHERE s.is_demo = 1 AND s.role = 'attendant' AND s.scope_kind = 'point' AND s.active = 1
         AND NOT EXISTS (SELECT 1 FROM cash_shift c WHERE c.staff_id = s.id AND c.open_mark = 1)`,
    );
    for (const { staffId, pointId } of attendants) {
      await this.openShift.execute({ pointId, staffId, key: newId(), request: { openingFen: FLOAT_FEN, takeOverShiftId: null, reason: '' } });
    }
    return attendants.length;
  }
}
