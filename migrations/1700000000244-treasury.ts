import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money on its way to the bank with what arrived of it, and what diners paid themselves on its way to the operators. */
export class Treasury1700000000244 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['own_part_line', 'own_part_settlement', 'transit_receipt_line', 'transit_receipt']) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const appendOnly = (table: string): string[] => ['UPDATE', 'DELETE'].map((action) =>
  `CREATE TRIGGER ${table}_no_${action.toLowerCase()} BEFORE ${action} ON ${table} FOR EACH ROW
   SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${table} is append-only'`);

const UP = [
  // source: qr | wechat | alipay | senior-card; point_id NULL: every point of it. state: asked (with a difference) | recorded | refused.
  // open_key holds the source while a receipt is being written or waits; reference_key is NULL once it was refused.
  `CREATE TABLE transit_receipt (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    source VARCHAR(12) NOT NULL,
    point_id CHAR(36) NULL,
    through_day DATE NOT NULL,
    expected_fen BIGINT NOT NULL,
    received_fen BIGINT NOT NULL,
    fee_fen BIGINT NOT NULL,
    bank_reference VARCHAR(60) NOT NULL,
    reference_key VARCHAR(60) NULL,
    received_on DATE NOT NULL,
    note VARCHAR(200) NOT NULL,
    state VARCHAR(8) NOT NULL,
    open_key VARCHAR(60) NULL,
    recorded_by CHAR(36) NOT NULL,
    recorded_at DATETIME(3) NOT NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    transfer_id CHAR(36) NULL,
    UNIQUE KEY uq_transit_receipt_open (open_key),
    UNIQUE KEY uq_transit_receipt_reference (street_id, reference_key),
    UNIQUE KEY uq_transit_receipt_transfer (transfer_id),
    KEY ix_transit_receipt (street_id, recorded_at),
    CONSTRAINT ck_transit_receipt CHECK (received_fen >= 0 AND fee_fen >= 0 AND (decided_by IS NULL OR decided_by <> recorded_by)
      AND (state = 'recorded') = (transfer_id IS NOT NULL)),
    CONSTRAINT fk_transit_receipt_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // What each account held of it.
  `CREATE TABLE transit_receipt_line (
    receipt_id CHAR(36) NOT NULL,
    account_kind VARCHAR(20) NOT NULL,
    owner_code VARCHAR(80) NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (receipt_id, account_kind, owner_code),
    KEY ix_transit_receipt_line (account_kind, owner_code),
    CONSTRAINT fk_transit_receipt_line FOREIGN KEY (receipt_id) REFERENCES transit_receipt (id)
  )`,
  ...appendOnly('transit_receipt_line'),
  `CREATE TRIGGER transit_receipt_no_delete BEFORE DELETE ON transit_receipt FOR EACH ROW
     SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'transit_receipt is never deleted'`,
  `CREATE TRIGGER transit_receipt_final BEFORE UPDATE ON transit_receipt FOR EACH ROW
     IF OLD.state = 'refused' OR OLD.transfer_id IS NOT NULL AND (NEW.state <> OLD.state OR NEW.transfer_id <> OLD.transfer_id)
       OR NEW.expected_fen <> OLD.expected_fen OR NEW.received_fen <> OLD.received_fen OR NEW.fee_fen <> OLD.fee_fen THEN
       SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'what was received is never rewritten';
     END IF`,
  // state: drafted | paid | withdrawn. open_key holds street and operator while drafted.
  `CREATE TABLE own_part_settlement (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    month CHAR(7) NOT NULL,
    through_seq BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    state VARCHAR(10) NOT NULL,
    open_key VARCHAR(80) NULL,
    drafted_by CHAR(36) NOT NULL,
    drafted_at DATETIME(3) NOT NULL,
    paid_by CHAR(36) NULL,
    paid_at DATETIME(3) NULL,
    paid_on DATE NULL,
    bank_reference VARCHAR(60) NULL,
    transfer_id CHAR(36) NULL,
    UNIQUE KEY uq_own_part_settlement_open (open_key),
    UNIQUE KEY uq_own_part_settlement_reference (street_id, bank_reference),
    UNIQUE KEY uq_own_part_settlement_transfer (transfer_id),
    KEY ix_own_part_settlement (street_id, drafted_at),
    CONSTRAINT ck_own_part_settlement CHECK (amount_fen > 0 AND (paid_by IS NULL OR paid_by <> drafted_by) AND (state = 'paid') = (transfer_id IS NOT NULL)),
    CONSTRAINT fk_own_part_settlement_street FOREIGN KEY (street_id) REFERENCES street (id),
    CONSTRAINT fk_own_part_settlement_operator FOREIGN KEY (operator_id) REFERENCES operator (id)
  )`,
  // tender: the account kind diners paid from, or offline-difference for what the operator bore.
  `CREATE TABLE own_part_line (
    settlement_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    tender VARCHAR(20) NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (settlement_id, point_id, tender),
    CONSTRAINT fk_own_part_line FOREIGN KEY (settlement_id) REFERENCES own_part_settlement (id)
  )`,
  ...appendOnly('own_part_line'),
  `CREATE TRIGGER own_part_settlement_no_delete BEFORE DELETE ON own_part_settlement FOR EACH ROW
     SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'own_part_settlement is never deleted'`,
  `CREATE TRIGGER own_part_settlement_final BEFORE UPDATE ON own_part_settlement FOR EACH ROW
     IF OLD.state <> 'drafted' OR NEW.amount_fen <> OLD.amount_fen OR NEW.operator_id <> OLD.operator_id OR NEW.month <> OLD.month THEN
       SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a settled own part is never rewritten';
     END IF`,
];
