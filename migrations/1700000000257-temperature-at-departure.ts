import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How hot a load was when it left, and who besides its taker looked at a retained sample. */
export class TemperatureAtDeparture1700000000257 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // NULL: nobody measured it.
    await queryRunner.query('ALTER TABLE portion_load ADD COLUMN left_temperature_c DECIMAL(4,1) NULL');
    await queryRunner.query('ALTER TABLE retained_sample ADD COLUMN reviewed_by CHAR(36) NULL, ADD COLUMN reviewed_at DATETIME(3) NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE retained_sample DROP COLUMN reviewed_by, DROP COLUMN reviewed_at');
    await queryRunner.query('ALTER TABLE portion_load DROP COLUMN left_temperature_c');
  }
}
