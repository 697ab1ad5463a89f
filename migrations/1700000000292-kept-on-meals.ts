import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A meal that a pause came too late for is cooked and brought all the same: the order says so, and the contractor who
 * brought it is paid.
 */
export class KeptOnMeals1700000000292 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE meal_order ADD COLUMN kept_on TINYINT(1) NOT NULL DEFAULT 0, ALGORITHM=INSTANT');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE meal_order DROP COLUMN kept_on');
  }
}
