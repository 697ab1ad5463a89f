import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a recall needs to follow a portion to its end: which batches the boxes of a trip from the kitchen came from, all
 * receipts of a producer's batch, and ways into sales without network and lists on paper by their set meal.
 */
export class RecallReachesEveryPortion1700000000256 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  // Boxes of a trip that left from the kitchen, by set meal and the batch of each of its dishes.
  `CREATE TABLE trip_batch (
    route_trip_id CHAR(36) NOT NULL,
    set_meal_id CHAR(36) NOT NULL,
    batch_id CHAR(36) NOT NULL,
    portions INT NOT NULL,
    PRIMARY KEY (route_trip_id, set_meal_id, batch_id),
    KEY ix_trip_batch_batch (batch_id),
    CONSTRAINT ck_trip_batch CHECK (portions > 0),
    CONSTRAINT fk_trip_batch_trip FOREIGN KEY (route_trip_id) REFERENCES route_trip (id),
    CONSTRAINT fk_trip_batch_batch FOREIGN KEY (batch_id) REFERENCES kitchen_batch (id)
  )`,
  // A recall of a lot is one of every receipt of the same batch of the same producer.
  `CREATE TABLE recall_lot (
    recall_id CHAR(36) NOT NULL,
    lot_id CHAR(36) NOT NULL,
    PRIMARY KEY (recall_id, lot_id),
    KEY ix_recall_lot_lot (lot_id),
    CONSTRAINT fk_recall_lot_recall FOREIGN KEY (recall_id) REFERENCES recall (id),
    CONSTRAINT fk_recall_lot_lot FOREIGN KEY (lot_id) REFERENCES stock_lot (id)
  )`,
  'INSERT INTO recall_lot (recall_id, lot_id) SELECT id, lot_id FROM recall WHERE lot_id IS NOT NULL',
  'ALTER TABLE stock_lot ADD KEY ix_stock_lot_producer (kitchen_id, producer_batch)',
  'ALTER TABLE offline_sale ADD KEY ix_offline_sale_set_meal (set_meal_id, point_id)',
  'ALTER TABLE paper_list ADD KEY ix_paper_list_set_meal (set_meal_id, point_id)',
  'ALTER TABLE meal_adjustment ADD KEY ix_meal_adjustment_substitute (substitute_id, business_day)',
];

const DOWN = [
  'ALTER TABLE meal_adjustment DROP FOREIGN KEY fk_meal_adjustment_substitute',
  'ALTER TABLE meal_adjustment DROP KEY ix_meal_adjustment_substitute',
  'ALTER TABLE meal_adjustment ADD CONSTRAINT fk_meal_adjustment_substitute FOREIGN KEY (substitute_id) REFERENCES dish (id)',
  'ALTER TABLE paper_list DROP KEY ix_paper_list_set_meal',
  'ALTER TABLE offline_sale DROP KEY ix_offline_sale_set_meal',
  'ALTER TABLE stock_lot DROP KEY ix_stock_lot_producer',
  'DROP TABLE recall_lot',
  'DROP TABLE trip_batch',
];
