import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets the upkeep find allowances that have served their time, and the sales that still name one. */
export class EnvelopeUpkeep1700000000210 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE offline_envelope ADD KEY ix_offline_envelope_valid (valid_until)');
    await queryRunner.query('ALTER TABLE offline_sale ADD KEY ix_offline_sale_envelope (envelope_id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE offline_sale DROP KEY ix_offline_sale_envelope');
    await queryRunner.query('ALTER TABLE offline_envelope DROP KEY ix_offline_envelope_valid');
  }
}
