import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What pages ask of a year of meals is answered from an index: who might be the same person, transfers of the rarer
 * kinds, and the sum of an account, which reads the amounts from the index alone.
 */
export class IndexesOfAYear1700000000254 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE senior ADD KEY ix_senior_birth (street_id, birth_date)');
    await queryRunner.query('ALTER TABLE transfer ADD KEY ix_transfer_kind (kind, business_day)');
    await queryRunner.query('ALTER TABLE entry ADD KEY ix_entry_account_amount (account_id, amount_fen, transfer_id)');
    await queryRunner.query('ALTER TABLE entry DROP KEY ix_entry_account');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE entry ADD KEY ix_entry_account (account_id)');
    await queryRunner.query('ALTER TABLE entry DROP KEY ix_entry_account_amount');
    await queryRunner.query('ALTER TABLE transfer DROP KEY ix_transfer_kind');
    await queryRunner.query('ALTER TABLE senior DROP KEY ix_senior_birth');
  }
}
