import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a second person looks at beside the attendant: a shift that ends while a kiosk has not told all, and refunds beyond what one may give alone. */
export class SecondPersonAtTheDesk1700000000216 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Kiosks of the point that owed the books something when the drawer was counted, the sales they told of, and why it was counted all the same.
    await queryRunner.query(`ALTER TABLE cash_shift ADD COLUMN unsent_kiosks INT NOT NULL DEFAULT 0, ADD COLUMN unsent_sales INT NOT NULL DEFAULT 0,
      ADD COLUMN unsent_reason VARCHAR(120) NOT NULL DEFAULT ''`);
    await queryRunner.query('ALTER TABLE stored_value_setting ADD COLUMN refund_alone_fen BIGINT NOT NULL DEFAULT 10000');
    // state: asked | done | refused. One standing question a meal; a refused one may be asked again.
    await queryRunner.query(`CREATE TABLE refund_ask (
      id CHAR(36) NOT NULL PRIMARY KEY,
      meal_id CHAR(36) NOT NULL,
      point_id CHAR(36) NOT NULL,
      business_day DATE NOT NULL,
      reason VARCHAR(40) NOT NULL,
      note VARCHAR(120) NOT NULL,
      state VARCHAR(8) NOT NULL,
      open_mark TINYINT NULL,
      asked_by CHAR(36) NOT NULL,
      asked_at DATETIME(3) NOT NULL,
      decided_by CHAR(36) NULL,
      decided_at DATETIME(3) NULL,
      UNIQUE KEY uq_refund_ask_open (meal_id, open_mark),
      KEY ix_refund_ask_point (point_id, business_day),
      CONSTRAINT fk_refund_ask_meal FOREIGN KEY (meal_id) REFERENCES meal (id)
    )`);
    // Null where one person was enough.
    await queryRunner.query('ALTER TABLE meal_reversal ADD COLUMN approved_by CHAR(36) NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE meal_reversal DROP COLUMN approved_by');
    await queryRunner.query('DROP TABLE refund_ask');
    await queryRunner.query('ALTER TABLE stored_value_setting DROP COLUMN refund_alone_fen');
    await queryRunner.query('ALTER TABLE cash_shift DROP COLUMN unsent_reason, DROP COLUMN unsent_sales, DROP COLUMN unsent_kiosks');
  }
}
