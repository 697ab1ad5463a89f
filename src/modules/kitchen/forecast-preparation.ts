import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KitchenId, PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { addDays } from '../../domain/kernel/business-day.js';
import { Production } from './production.query.js';

/** Learns the forecasts of today and tomorrow in the worker, so that pages and boards find them, and forgets those of days long gone. */
@Injectable()
export class ForecastPreparation implements OnModuleInit {
  constructor(private readonly upkeep: Upkeep, private readonly dataSource: DataSource, private readonly production: Production, private readonly clock: Clock) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'forecasts', run: () => this.prepare() });
  }

  /** @returns meals whose forecast stands */
  async prepare(): Promise<number> {
    await this.dataSource.query('DELETE FROM walk_in_plan WHERE business_day < ?', [addDays(this.clock.today(), -7)]);
    const points = await this.dataSource.query<{ kitchenId: KitchenId; pointId: PointId }[]>('SELECT kitchen_id AS kitchenId, id AS pointId FROM point ORDER BY kitchen_id, code');
    let prepared = 0;
    for (const id of new Set(points.map(({ kitchenId }) => kitchenId))) {
      prepared += await this.production.prepare({ id, cooksFor: points.filter(({ kitchenId }) => kitchenId === id).map(({ pointId }) => pointId) });
    }
    return prepared;
  }
}
