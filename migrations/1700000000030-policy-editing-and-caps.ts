import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Amounts that a cap limits, payments to operators, drafts of policies with their test cases, and the runs in which a
 * draft is rehearsed or past meals are priced again. Versions that stand already count as published.
 */
export class PolicyEditingAndCaps1700000000030 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
    for (const action of ['UPDATE', 'DELETE']) {
      await queryRunner.query(
        `CREATE TRIGGER meal_operator_payment_no_${action.toLowerCase()} BEFORE ${action} ON meal_operator_payment FOR EACH ROW
         SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'meal_operator_payment is append-only'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  // What payers owe the operator because a meal was served; no part of the meal's price. Reversed with the meal.
  `CREATE TABLE meal_operator_payment (
    meal_id CHAR(36) NOT NULL,
    payer_code VARCHAR(20) NOT NULL,
    rule_id VARCHAR(60) NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (meal_id, payer_code, rule_id),
    CONSTRAINT ck_meal_operator_payment CHECK (amount_fen > 0),
    CONSTRAINT fk_meal_operator_payment_meal FOREIGN KEY (meal_id) REFERENCES meal (id)
  )`,
  // One row per senior and unit ("month:2026-11"): changed only by a statement that names the amount it was priced with.
  `CREATE TABLE entitlement_amount (
    senior_id CHAR(36) NOT NULL,
    unit_key VARCHAR(60) NOT NULL,
    used_fen BIGINT NOT NULL,
    PRIMARY KEY (senior_id, unit_key),
    CONSTRAINT ck_entitlement_amount CHECK (used_fen >= 0)
  )`,
  // What each meal added, so that a refund takes it away again. active is NULL once released.
  `CREATE TABLE entitlement_amount_use (
    meal_id CHAR(36) NOT NULL,
    unit_key VARCHAR(60) NOT NULL,
    senior_id CHAR(36) NOT NULL,
    amount_fen BIGINT NOT NULL,
    active TINYINT(1) NULL,
    PRIMARY KEY (meal_id, unit_key),
    KEY ix_entitlement_amount_use_senior (senior_id, unit_key)
  )`,
  `ALTER TABLE policy_version
    ADD COLUMN author_id CHAR(36) NULL,
    ADD COLUMN published_by CHAR(36) NULL,
    ADD COLUMN published_at DATETIME(3) NULL,
    ADD COLUMN superseded_by CHAR(36) NULL`,
  // state: draft | proposed | published. A published draft stays, with its test cases, beside the version of the same id.
  `CREATE TABLE policy_draft (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    state VARCHAR(10) NOT NULL,
    revision INT NOT NULL DEFAULT 1,
    name VARCHAR(80) NOT NULL,
    jurisdiction VARCHAR(60) NOT NULL,
    source_document VARCHAR(200) NOT NULL,
    based_on_id CHAR(36) NULL,
    effective_from DATE NOT NULL,
    effective_to DATE NULL,
    policy JSON NOT NULL,
    test_cases JSON NOT NULL,
    note VARCHAR(200) NOT NULL DEFAULT '',
    author_id CHAR(36) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    KEY ix_policy_draft_street (street_id, state),
    CONSTRAINT fk_policy_draft_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // kind: rehearsal (a draft's rules against the meals of a month) | replay (each meal under the rules of its day).
  // state: queued | running | done | failed. Nothing in it is ever posted.
  `CREATE TABLE policy_run (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    kind VARCHAR(10) NOT NULL,
    draft_id CHAR(36) NULL,
    rules JSON NULL,
    rules_hash CHAR(64) NULL,
    month CHAR(7) NOT NULL,
    state VARCHAR(8) NOT NULL,
    meals_total INT NOT NULL,
    meals_done INT NOT NULL DEFAULT 0,
    summary JSON NULL,
    requested_by CHAR(36) NOT NULL,
    requested_at DATETIME(3) NOT NULL,
    finished_at DATETIME(3) NULL,
    KEY ix_policy_run_street (street_id, kind, requested_at),
    KEY ix_policy_run_draft (draft_id, requested_at)
  )`,
];

const DOWN = [
  'DROP TABLE policy_run', 'DROP TABLE policy_draft',
  'ALTER TABLE policy_version DROP COLUMN author_id, DROP COLUMN published_by, DROP COLUMN published_at, DROP COLUMN superseded_by',
  'DROP TABLE entitlement_amount_use', 'DROP TABLE entitlement_amount', 'DROP TABLE meal_operator_payment',
];
