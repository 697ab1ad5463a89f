import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Drawers of points, requests that two people decide, bank files, payment channels and the street's settings of stored
 * value. Money itself stays in the ledger: these tables say for what and by whom it moved.
 */
export class WalletsAndDrawers1700000000060 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
    for (const action of ['UPDATE', 'DELETE']) {
      await queryRunner.query(
        `CREATE TRIGGER cash_shift_entry_no_${action.toLowerCase()} BEFORE ${action} ON cash_shift_entry FOR EACH ROW
         SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'cash_shift_entry is append-only'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.slice().reverse()) await queryRunner.query(`DROP TABLE ${table}`);
    await queryRunner.query('ALTER TABLE senior_card DROP COLUMN kind');
  }
}

const TABLES = [
  'stored_value_setting', 'cash_shift', 'cash_shift_entry', 'money_request', 'bank_file', 'bank_file_line', 'channel_order', 'channel_refund', 'channel_bill_line',
];

const UP = [
  // kind: street (issued here) | bank (怡老卡, issued by a bank, which is a source of money as well).
  `ALTER TABLE senior_card ADD COLUMN kind VARCHAR(8) NOT NULL DEFAULT 'street'`,
  `CREATE TABLE stored_value_setting (
    street_id CHAR(36) NOT NULL PRIMARY KEY,
    difference_limit_fen BIGINT NOT NULL,
    refund_basis VARCHAR(20) NOT NULL,
    merchant_payers JSON NOT NULL,
    changed_by CHAR(36) NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_stored_value_setting_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // state: open | counted (waits for a second person) | closed. open_mark is 1 while open, so that nobody has two drawers.
  `CREATE TABLE cash_shift (
    id CHAR(36) NOT NULL PRIMARY KEY,
    point_id CHAR(36) NOT NULL,
    staff_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    state VARCHAR(8) NOT NULL,
    open_mark TINYINT NULL,
    opened_at DATETIME(3) NOT NULL,
    opening_fen BIGINT NOT NULL,
    previous_shift_id CHAR(36) NULL,
    handover_difference_fen BIGINT NOT NULL DEFAULT 0,
    handover_reason VARCHAR(120) NOT NULL DEFAULT '',
    counted_at DATETIME(3) NULL,
    moved_fen BIGINT NULL,
    expected_fen BIGINT NULL,
    counted_fen BIGINT NULL,
    kept_fen BIGINT NULL,
    difference_fen BIGINT NULL,
    reason VARCHAR(120) NOT NULL DEFAULT '',
    closed_at DATETIME(3) NULL,
    confirmed_by CHAR(36) NULL,
    UNIQUE KEY uq_cash_shift_open (staff_id, open_mark),
    UNIQUE KEY uq_cash_shift_previous (previous_shift_id),
    KEY ix_cash_shift_day (point_id, business_day),
    CONSTRAINT ck_cash_shift CHECK (opening_fen >= 0 AND (counted_fen IS NULL OR (counted_fen >= 0 AND kept_fen BETWEEN 0 AND counted_fen))),
    CONSTRAINT fk_cash_shift_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  // Every transfer that moved cash in a shift; cash_fen is positive into the drawer.
  `CREATE TABLE cash_shift_entry (
    transfer_id CHAR(36) NOT NULL PRIMARY KEY,
    shift_id CHAR(36) NOT NULL,
    cash_fen BIGINT NOT NULL,
    KEY ix_cash_shift_entry_shift (shift_id),
    CONSTRAINT fk_cash_shift_entry_shift FOREIGN KEY (shift_id) REFERENCES cash_shift (id),
    CONSTRAINT fk_cash_shift_entry_transfer FOREIGN KEY (transfer_id) REFERENCES transfer (id)
  )`,
  // kind: refund | write-off | top-up-undo. state: asked | done | refused. Asked by one person, decided by another.
  // pay_to_cipher seals the name and number of a bank account; pay_to_label shows its last four digits.
  `CREATE TABLE money_request (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kind VARCHAR(12) NOT NULL,
    state VARCHAR(8) NOT NULL,
    senior_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    amount_fen BIGINT NOT NULL,
    cause VARCHAR(12) NULL,
    subject_id CHAR(36) NULL,
    pay_to_kind VARCHAR(8) NULL,
    pay_to_cipher VARCHAR(1000) NULL,
    pay_to_label VARCHAR(60) NOT NULL DEFAULT '',
    detail JSON NOT NULL,
    reason VARCHAR(200) NOT NULL,
    asked_by CHAR(36) NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    decision_note VARCHAR(200) NOT NULL DEFAULT '',
    transfer_id CHAR(36) NULL,
    KEY ix_money_request_state (state, asked_at),
    KEY ix_money_request_senior (senior_id, kind, state),
    CONSTRAINT ck_money_request CHECK (amount_fen > 0),
    CONSTRAINT fk_money_request_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  `CREATE TABLE bank_file (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    file_name VARCHAR(120) NOT NULL,
    file_hash CHAR(64) NOT NULL,
    line_count INT NOT NULL,
    read_by CHAR(36) NOT NULL,
    read_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_bank_file_hash (street_id, file_hash),
    CONSTRAINT fk_bank_file_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // state: ready | unknown-person | name-differs | not-active | over-limit | duplicate | unreadable | credited. reference_hash
  // is unique among credited lines: the same payment enters once, whatever the file is called.
  `CREATE TABLE bank_file_line (
    file_id CHAR(36) NOT NULL,
    line_no INT NOT NULL,
    reference VARCHAR(60) NOT NULL,
    person_hash CHAR(64) NULL,
    person_last4 CHAR(4) NOT NULL,
    name VARCHAR(40) NOT NULL,
    amount_fen BIGINT NOT NULL,
    senior_id CHAR(36) NULL,
    state VARCHAR(16) NOT NULL,
    credited_reference VARCHAR(100) NULL,
    transfer_id CHAR(36) NULL,
    PRIMARY KEY (file_id, line_no),
    UNIQUE KEY uq_bank_file_line_credited (credited_reference),
    CONSTRAINT fk_bank_file_line_file FOREIGN KEY (file_id) REFERENCES bank_file (id)
  )`,
  // channel: wechat | alipay | senior-card. state: waiting | paid | refund-due (paid, but not creditable) | refunded | closed.
  `CREATE TABLE channel_order (
    id CHAR(36) NOT NULL PRIMARY KEY,
    order_no VARCHAR(32) NOT NULL,
    channel VARCHAR(12) NOT NULL,
    senior_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    amount_fen BIGINT NOT NULL,
    state VARCHAR(12) NOT NULL,
    code_url VARCHAR(600) NOT NULL DEFAULT '',
    channel_transaction_id VARCHAR(64) NULL,
    refunded_fen BIGINT NOT NULL DEFAULT 0,
    asked_by CHAR(36) NOT NULL,
    asked_role VARCHAR(20) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    paid_at DATETIME(3) NULL,
    transfer_id CHAR(36) NULL,
    UNIQUE KEY uq_channel_order_no (order_no),
    UNIQUE KEY uq_channel_transaction (channel, channel_transaction_id),
    KEY ix_channel_order_state (state, created_at),
    KEY ix_channel_order_senior (senior_id, created_at),
    CONSTRAINT ck_channel_order CHECK (amount_fen > 0 AND refunded_fen BETWEEN 0 AND amount_fen),
    CONSTRAINT fk_channel_order_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // state: due | sent. What the ledger has let go and the channel must pay out; sent again until the channel says yes.
  `CREATE TABLE channel_refund (
    id CHAR(36) NOT NULL PRIMARY KEY,
    order_id CHAR(36) NOT NULL,
    refund_no VARCHAR(32) NOT NULL,
    amount_fen BIGINT NOT NULL,
    state VARCHAR(8) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    sent_at DATETIME(3) NULL,
    UNIQUE KEY uq_channel_refund_no (refund_no),
    KEY ix_channel_refund_state (state),
    CONSTRAINT fk_channel_refund_order FOREIGN KEY (order_id) REFERENCES channel_order (id)
  )`,
  // One line of a channel's daily bill. kind: payment | refund. outcome: matched | unmatched | duplicate | amount-differs.
  `CREATE TABLE channel_bill_line (
    channel VARCHAR(12) NOT NULL,
    bill_day DATE NOT NULL,
    line_no INT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    order_no VARCHAR(32) NOT NULL,
    channel_transaction_id VARCHAR(64) NOT NULL,
    amount_fen BIGINT NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    order_id CHAR(36) NULL,
    read_at DATETIME(3) NOT NULL,
    PRIMARY KEY (channel, bill_day, line_no),
    KEY ix_channel_bill_order (order_no)
  )`,
];
