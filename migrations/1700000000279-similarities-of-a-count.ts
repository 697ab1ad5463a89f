import type { MigrationInterface, QueryRunner } from 'typeorm';

/** At which similarities a kiosk has counted, because each model has its own; NULL: at those of the model that was shipped. */
export class SimilaritiesOfACount1700000000279 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE impostor_measure ADD COLUMN similarities VARCHAR(400) NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // A release that knows one list alone would read counts of another as its own.
    await queryRunner.query('DELETE FROM impostor_measure WHERE similarities IS NOT NULL');
    await queryRunner.query('ALTER TABLE impostor_measure DROP COLUMN similarities');
  }
}
