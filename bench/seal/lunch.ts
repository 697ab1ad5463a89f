import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { fen } from '../../src/domain/kernel/money.js';
import { topUpPostings } from '../../src/domain/ledger/index.js';
import { newId } from '../../src/infra/ids.js';
import { Ledger } from '../../src/modules/ledger/index.js';
import { demoStreetPolicy, PolicyBook } from '../../src/modules/subsidy/index.js';

export interface BenchLunch {
  readonly pointId: string;
  readonly setMealId: string;
  readonly deviceId: string;
  /** What each of the seniors pays: they are all of one age. */
  readonly dueFen: number;
  readonly seniorIds: readonly string[];
}

const GROSS_FEN = 2_000;
const AT = new Date('2026-11-24T02:00:00Z');

/** A street with one point at lunch and as many people of 70 years with money as the bench wants to feed. */
export async function layLunch(app: INestApplicationContext, day: BusinessDay, people: number): Promise<BenchLunch> {
  const dataSource = app.get(DataSource);
  const [streetId, communityId, operatorId, kitchenId, pointId, setMealId] = [newId(), newId(), newId(), newId(), newId(), newId()];
  const insert = (table: string, row: Record<string, unknown>): Promise<unknown> =>
    dataSource.query(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (?)`, [Object.values(row)]);
  await insert('street', { id: streetId, name: '测试街道', jurisdiction_code: '330199001', is_demo: 1 });
  await insert('community', { id: communityId, street_id: streetId, name: '第一社区' });
  await insert('operator', {
    id: operatorId, name: '测试餐饮', kind: 'company', contract_no: 'C-1', contract_from: '2026-01-01', contract_to: '2028-01-01', licence_no: 'L-1',
    licence_valid_to: '2028-01-01', bank_account_name: '测试餐饮',
  });
  await insert('kitchen', { id: kitchenId, street_id: streetId, name: '中央厨房', latitude: 30.3, longitude: 120.3 });
  await insert('point', {
    id: pointId, community_id: communityId, operator_id: operatorId, kitchen_id: kitchenId, code: 'B1', name: '第一助餐点', kind: 'community', latitude: 30.3,
    longitude: 120.3, phone: '0571-86910000',
  });
  await insert('meal_service', { point_id: pointId, period: 'lunch', start_min: 600, end_min: 810, cutoff_day_offset: -1, cutoff_min: 960 });
  await insert('set_meal', { id: setMealId, kitchen_id: kitchenId, business_day: day, period: 'lunch', code: 'A', name: '一荤两素', gross_fen: GROSS_FEN, diet_tags: '[]' });
  await insert('portion_stock', { point_id: pointId, set_meal_id: setMealId, business_day: day, period: 'lunch', sent: people, accepted: people });
  await dataSource.transaction((tx) => app.get(PolicyBook, { strict: false }).store(
    tx, streetId, demoStreetPolicy(), { effectiveFrom: '2026-01-01' as BusinessDay, effectiveTo: null }, true));
  const seniorIds = Array.from({ length: people }, () => newId());
  for (let from = 0; from < people; from += 500) await insertPeople(dataSource, { streetId, communityId, pointId }, seniorIds.slice(from, from + 500), from);
  const ledger = app.get(Ledger, { strict: false });
  for (let from = 0; from < people; from += 500) {
    await dataSource.transaction('READ COMMITTED', async (tx) => {
      for (const seniorId of seniorIds.slice(from, from + 500)) {
        await ledger.post(tx, {
          kind: 'top-up', businessDay: day, pointId, idempotencyScope: 'bench', idempotencyKey: seniorId, actorKind: 'system', actorId: null, memo: 'bench',
          postings: topUpPostings({ seniorId, pointId, amountFen: fen(10_000), tender: 'cash' }),
        });
      }
    });
  }
  return { pointId, setMealId, deviceId: newId(), dueFen: GROSS_FEN * 8 / 10, seniorIds };
}

async function insertPeople(dataSource: DataSource, at: { streetId: string; communityId: string; pointId: string }, ids: readonly string[], from: number): Promise<void> {
  const hash = (index: number, kind: string): string => kind + String(from + index).padStart(63, '0');
  await dataSource.query(
    `INSERT INTO senior (id, person_code, street_id, community_id, point_id, name, name_initials, sex, birth_date, id_number_cipher,
       id_number_hash, phone_cipher, phone_hash, phone_last4_hash, address_cipher, latitude, longitude, floor, has_lift, hukou_area, created_at) VALUES ?`,
    [ids.map((id, index) => [
      id, newId(), at.streetId, at.communityId, at.pointId, '测试', 'cs', 'F', '1956-03-01', 'x', hash(index, 'i'), 'x', hash(index, 'p'), hash(index, 'l'), 'x',
      30.3, 120.3, 1, 0, '330199', AT,
    ])],
  );
}
