import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KitchenId } from '../../domain/kernel/ids.js';

/** Tested textures of a kitchen's dishes. */
@Injectable()
export class DishTextures {
  constructor(private readonly dataSource: DataSource) {}

  /** IDDSI level by dish; untested dishes are missing. */
  async of(kitchenId: KitchenId): Promise<Map<string, number>> {
    const rows = await this.dataSource.query<{ id: string; level: number }[]>('SELECT id, texture_level AS level FROM dish WHERE kitchen_id = ? AND texture_level IS NOT NULL', [kitchenId]);
    return new Map(rows.map(({ id, level }) => [id, level]));
  }
}
