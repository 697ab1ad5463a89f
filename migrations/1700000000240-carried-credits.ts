import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an earlier claim of the party was below zero, taken into a later one. */
export class CarriedCredits1700000000240 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // carried_fen: never positive. Its lines name the earlier claim in source_id.
    await queryRunner.query('ALTER TABLE month_claim ADD COLUMN carried_fen BIGINT NOT NULL DEFAULT 0, DROP CONSTRAINT ck_month_claim');
    await queryRunner.query(
      `ALTER TABLE month_claim ADD CONSTRAINT ck_month_claim CHECK (
         payable_fen = amount_fen + adjustment_fen + delivery_fen + advance_fen + carried_fen AND advance_fen <= 0 AND carried_fen <= 0)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE month_claim DROP CONSTRAINT ck_month_claim, DROP COLUMN carried_fen');
    await queryRunner.query(
      'ALTER TABLE month_claim ADD CONSTRAINT ck_month_claim CHECK (payable_fen = amount_fen + adjustment_fen + delivery_fen + advance_fen AND advance_fen <= 0)',
    );
  }
}
