import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The payout of freed own money, merges of two records proposed and decided by two people with what stood before, the
 * community of an imported list and the reason why a line was refused.
 */
export class ReleasesAndMerges1700000000111 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `ALTER TABLE wallet_release
     ADD COLUMN paid_fen BIGINT NULL,
     ADD COLUMN paid_by CHAR(36) NULL,
     ADD COLUMN paid_at DATETIME(3) NULL,
     ADD COLUMN transfer_id CHAR(36) NULL,
     ADD UNIQUE KEY uq_wallet_release_transfer (transfer_id)`,
  // state: proposed | refused | merged | undo-asked | undone. open is 1 while proposed. before_state: what the merge ended
  // and moved, by which it can be taken back; NULL on merges from before this table.
  `CREATE TABLE person_merge_case (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    into_senior_id CHAR(36) NOT NULL,
    evidence VARCHAR(120) NOT NULL,
    state VARCHAR(10) NOT NULL,
    open TINYINT(1) NULL,
    proposed_by CHAR(36) NOT NULL,
    proposed_at DATETIME(3) NOT NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    decision_note VARCHAR(120) NOT NULL DEFAULT '',
    before_state JSON NULL,
    life_event_id CHAR(36) NULL,
    undo_reason VARCHAR(120) NULL,
    undo_by CHAR(36) NULL,
    undo_at DATETIME(3) NULL,
    undo_decided_by CHAR(36) NULL,
    undo_decided_at DATETIME(3) NULL,
    UNIQUE KEY uq_person_merge_case_open (senior_id, open),
    KEY ix_person_merge_case_state (state, proposed_at),
    CONSTRAINT ck_person_merge_case CHECK ((decided_by IS NULL OR decided_by <> proposed_by) AND (undo_decided_by IS NULL OR undo_decided_by <> undo_by)),
    CONSTRAINT fk_person_merge_case_senior FOREIGN KEY (senior_id) REFERENCES senior (id),
    CONSTRAINT fk_person_merge_case_into FOREIGN KEY (into_senior_id) REFERENCES senior (id)
  )`,
  `INSERT INTO person_merge_case (id, senior_id, into_senior_id, evidence, state, proposed_by, proposed_at)
     SELECT UUID(), senior_id, into_senior_id, evidence, 'merged', merged_by, at FROM person_merge`,
  // person_merge says what holds now; what happened stays in person_merge_case.
  'DROP TRIGGER person_merge_no_delete',
  // NULL: a list of the whole street.
  'ALTER TABLE import_batch ADD COLUMN community_id CHAR(36) NULL',
  'ALTER TABLE import_line ADD COLUMN failure VARCHAR(60) NULL',
];

const DOWN = [
  'ALTER TABLE import_line DROP COLUMN failure',
  'ALTER TABLE import_batch DROP COLUMN community_id',
  `CREATE TRIGGER person_merge_no_delete BEFORE DELETE ON person_merge FOR EACH ROW
   SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'person_merge is append-only'`,
  'DROP TABLE person_merge_case',
  `ALTER TABLE wallet_release DROP KEY uq_wallet_release_transfer, DROP COLUMN paid_fen, DROP COLUMN paid_by, DROP COLUMN paid_at, DROP COLUMN transfer_id`,
];
