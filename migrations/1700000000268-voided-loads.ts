import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A sealed load that never left is voided with its reason, and a probe that never spoke is known by when it was added. */
export class VoidedLoads1700000000268 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE portion_load ADD COLUMN voided_at DATETIME(3) NULL, ADD COLUMN voided_by CHAR(36) NULL');
    await queryRunner.query('ALTER TABLE trip_batch ADD KEY ix_trip_batch_set_meal (set_meal_id)');
    await queryRunner.query('ALTER TABLE probe ADD COLUMN added_at DATETIME(3) NULL');
    await queryRunner.query('UPDATE probe SET added_at = UTC_TIMESTAMP(3)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE probe DROP COLUMN added_at');
    await queryRunner.query('ALTER TABLE trip_batch DROP KEY ix_trip_batch_set_meal');
    await queryRunner.query('ALTER TABLE portion_load DROP COLUMN voided_at, DROP COLUMN voided_by');
  }
}
