import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Through which channel an order came, how much earlier a channel closes than the kitchen, and who asked too late. */
export class OrderChannels1700000000194 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE late_order');
    await queryRunner.query('DROP TABLE order_cutoff');
    await queryRunner.query('ALTER TABLE meal_order DROP COLUMN channel');
  }
}

const UP = [
  // desk | phone | family; NULL: from a standing plan, or from before channels were kept.
  'ALTER TABLE meal_order ADD COLUMN channel VARCHAR(8) NULL',
  // How many minutes before the cut-off of a meal a channel closes; no row: together with it.
  `CREATE TABLE order_cutoff (
    street_id CHAR(36) NOT NULL,
    period VARCHAR(10) NOT NULL,
    channel VARCHAR(8) NOT NULL,
    early_min SMALLINT NOT NULL,
    set_by CHAR(36) NOT NULL,
    set_at DATETIME(3) NOT NULL,
    PRIMARY KEY (street_id, period, channel),
    CONSTRAINT ck_order_cutoff CHECK (early_min >= 0 AND early_min <= 1440),
    CONSTRAINT fk_order_cutoff_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // state: waiting | accepted | refused. waiting is 1 while nobody has decided, else NULL: one open question per person and meal.
  `CREATE TABLE late_order (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    set_code CHAR(1) NOT NULL,
    fulfilment VARCHAR(10) NOT NULL,
    channel VARCHAR(8) NOT NULL,
    note VARCHAR(120) NOT NULL,
    cutoff_at DATETIME(3) NOT NULL,
    state VARCHAR(8) NOT NULL,
    waiting TINYINT(1) NULL,
    asked_by CHAR(36) NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    decision_note VARCHAR(120) NOT NULL DEFAULT '',
    order_id CHAR(36) NULL,
    UNIQUE KEY uq_late_order_waiting (senior_id, business_day, period, waiting),
    KEY ix_late_order_day (point_id, business_day),
    CONSTRAINT fk_late_order_senior FOREIGN KEY (senior_id) REFERENCES senior (id),
    CONSTRAINT fk_late_order_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
];
