import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KitchenId } from '../../domain/kernel/ids.js';

/** Tested textures of a kitchen's dishes. */
@Injectable()
export class DishTextures {
  constructor(private readonly dataSource: DataSource) {}

  /** IDDSI level by dish; missing are untested dishes and those with bones or the like, which nobody with a texture limit is given at any level. */
  async of(kitchenId: KitchenId): Promise<Map<string, number>> {
    const rows = await this.dataSource.query<{ id: string; level: number }[]>('SELECT id, texture_level AS level FROM dish WHERE kitchen_id = ? AND texture_level IS NOT NULL AND JSON_LENGTH(hazards) = 0', [kitchenId]);
    return new Map(rows.map(({ id, level }) => [id, level]));
  }
}
