import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A day's seal vouches for the chain and for what its accounts are called; written once. Checks of the ledger that
 * staff asked for or the night ran, with what they found.
 */
export class DaySeals1700000000090 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE journal_root ADD COLUMN accounts_hash CHAR(64) NULL AFTER root_hash, ADD COLUMN day_seal CHAR(64) NULL AFTER accounts_hash');
    await queryRunner.query(
      `CREATE TRIGGER journal_root_once BEFORE UPDATE ON journal_root FOR EACH ROW
       BEGIN
         IF OLD.day_seal IS NOT NULL OR NEW.business_day <> OLD.business_day OR NEW.last_seq <> OLD.last_seq OR NEW.root_hash <> OLD.root_hash THEN
           SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'journal_root is append-only';
         END IF;
       END`,
    );
    await queryRunner.query(
      `CREATE TRIGGER journal_root_no_delete BEFORE DELETE ON journal_root FOR EACH ROW
       SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'journal_root is append-only'`,
    );
    // state: asked | running | done | failed
    await queryRunner.query(
      `CREATE TABLE ledger_check (
        id CHAR(36) NOT NULL PRIMARY KEY,
        asked_by CHAR(36) NULL,
        asked_at DATETIME(3) NOT NULL,
        state VARCHAR(8) NOT NULL,
        begun_at DATETIME(3) NULL,
        ended_at DATETIME(3) NULL,
        transfers BIGINT NULL,
        violations INT NULL,
        findings JSON NULL,
        KEY ix_ledger_check_asked (asked_at)
      )`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE ledger_check');
    await queryRunner.query('DROP TRIGGER journal_root_no_delete');
    await queryRunner.query('DROP TRIGGER journal_root_once');
    await queryRunner.query('ALTER TABLE journal_root DROP COLUMN day_seal, DROP COLUMN accounts_hash');
  }
}
