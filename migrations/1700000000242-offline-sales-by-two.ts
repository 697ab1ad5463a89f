import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What becomes of a sale without network is proposed by one person and carried out by another. */
export class OfflineSalesByTwo1700000000242 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // proposed: accept | reject. Decisions from before have nobody who proposed them.
    await queryRunner.query(`ALTER TABLE offline_sale
      ADD COLUMN proposed VARCHAR(6) NULL, ADD COLUMN proposed_to VARCHAR(10) NULL, ADD COLUMN proposed_reason VARCHAR(200) NOT NULL DEFAULT '',
      ADD COLUMN proposed_by CHAR(36) NULL, ADD COLUMN proposed_at DATETIME(3) NULL,
      ADD CONSTRAINT ck_offline_sale_by_two CHECK (proposed_by IS NULL OR decided_by IS NULL OR proposed_by <> decided_by)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE offline_sale DROP CONSTRAINT ck_offline_sale_by_two, DROP COLUMN proposed, DROP COLUMN proposed_to, DROP COLUMN proposed_reason,
      DROP COLUMN proposed_by, DROP COLUMN proposed_at`);
  }
}
