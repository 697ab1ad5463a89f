import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each measurement of a batch and each sample kept of it stays as it was first written down, and whether a dish is never
 * heated is declared of the dish instead of read from its course.
 */
export class MeasuredBatches1700000000266 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
    for (const action of ['UPDATE', 'DELETE']) {
      await queryRunner.query(
        `CREATE TRIGGER batch_measurement_no_${action.toLowerCase()} BEFORE ${action} ON batch_measurement FOR EACH ROW
         SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'batch_measurement is append-only'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE dish DROP COLUMN served_raw');
    await queryRunner.query('DROP TABLE batch_measurement');
  }
}

const UP = [
  // kind: cooked (portions, core_c) | sample (grams, container, fridge, fridge_c). What was corrected later stands beside its correction.
  `CREATE TABLE batch_measurement (
    id CHAR(36) NOT NULL PRIMARY KEY,
    batch_id CHAR(36) NOT NULL,
    kind VARCHAR(6) NOT NULL,
    portions INT NULL,
    core_c DECIMAL(4,1) NULL,
    grams INT NULL,
    container VARCHAR(20) NULL,
    fridge VARCHAR(20) NULL,
    fridge_c DECIMAL(4,1) NULL,
    measured_by CHAR(36) NULL,
    measured_at DATETIME(3) NOT NULL,
    KEY ix_batch_measurement_batch (batch_id, measured_at)
  )`,
  `INSERT INTO batch_measurement (id, batch_id, kind, portions, core_c, measured_by, measured_at)
   SELECT UUID(), id, 'cooked', portions, core_c, measured_by, cooked_at FROM kitchen_batch WHERE cooked_at IS NOT NULL`,
  `INSERT INTO batch_measurement (id, batch_id, kind, grams, container, fridge, fridge_c, measured_by, measured_at)
   SELECT UUID(), batch_id, 'sample', grams, container, fridge, fridge_c, taken_by, taken_at FROM retained_sample`,
  // served_raw: washed or cut, never heated; nobody measures its core.
  "ALTER TABLE dish ADD COLUMN served_raw TINYINT(1) NOT NULL DEFAULT 0",
  "UPDATE dish SET served_raw = 1 WHERE kind = 'fruit'",
];
