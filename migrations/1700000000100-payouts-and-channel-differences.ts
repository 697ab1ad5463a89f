import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Limits of stored value that a street may set below the law's, refunds marked as paid out, orders called off at the
 * counter, differences of a channel's bill that somebody has settled, and the reasons of gifts.
 */
export class PayoutsAndChannelDifferences1700000000100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `ALTER TABLE stored_value_setting
    ADD COLUMN company_limit_fen BIGINT NOT NULL DEFAULT 500000,
    ADD COLUMN other_limit_fen BIGINT NOT NULL DEFAULT 200000,
    ADD CONSTRAINT ck_stored_value_limits CHECK (company_limit_fen BETWEEN 1 AND 500000 AND other_limit_fen BETWEEN 1 AND 200000)`,
  // The ledger let the money go when the request was approved; these say when and with which reference it reached the person.
  `ALTER TABLE money_request
    ADD COLUMN paid_out_on DATE NULL,
    ADD COLUMN paid_out_reference VARCHAR(60) NULL,
    ADD COLUMN paid_out_by CHAR(36) NULL,
    ADD COLUMN paid_out_at DATETIME(3) NULL`,
  // kind: refund | write-off | top-up-undo | write-off-undo.
  `ALTER TABLE money_request MODIFY kind VARCHAR(16) NOT NULL`,
  `ALTER TABLE channel_order ADD COLUMN cancelled_by CHAR(36) NULL`,
  // subject: line:<kind>:<transaction> of the channel, or order:<id> of ours that the bill lacks. It outlives a bill read again.
  `CREATE TABLE channel_difference (
    channel VARCHAR(12) NOT NULL,
    bill_day DATE NOT NULL,
    subject VARCHAR(120) NOT NULL,
    street_id CHAR(36) NOT NULL,
    outcome VARCHAR(20) NOT NULL,
    note VARCHAR(200) NOT NULL,
    settled_by CHAR(36) NOT NULL,
    settled_at DATETIME(3) NOT NULL,
    PRIMARY KEY (channel, bill_day, subject, street_id),
    CONSTRAINT fk_channel_difference_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  `CREATE TABLE gift_note (
    transfer_id CHAR(36) NOT NULL PRIMARY KEY,
    reason VARCHAR(200) NOT NULL,
    CONSTRAINT fk_gift_note_transfer FOREIGN KEY (transfer_id) REFERENCES transfer (id)
  )`,
];

const DOWN = [
  'DROP TABLE gift_note',
  'DROP TABLE channel_difference',
  'ALTER TABLE channel_order DROP COLUMN cancelled_by',
  'ALTER TABLE money_request DROP COLUMN paid_out_at, DROP COLUMN paid_out_by, DROP COLUMN paid_out_reference, DROP COLUMN paid_out_on',
  "DELETE FROM money_request WHERE kind = 'write-off-undo'",
  'ALTER TABLE money_request MODIFY kind VARCHAR(12) NOT NULL',
  'ALTER TABLE stored_value_setting DROP CONSTRAINT ck_stored_value_limits, DROP COLUMN other_limit_fen, DROP COLUMN company_limit_fen',
];
