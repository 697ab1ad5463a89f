import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A payment or receipt that the bank sent back, or that was entered wrongly, is taken back by two; a bank reference proves one payment of any kind. */
export class PaymentsTakenBack1700000000247 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  // Which bank reference a street's payment or receipt stands under; a mistaken one gives it free again.
  `CREATE TABLE bank_reference (
    street_id CHAR(36) NOT NULL,
    reference VARCHAR(60) NOT NULL,
    used_by VARCHAR(10) NOT NULL,
    used_by_id CHAR(36) NOT NULL,
    used_at DATETIME(3) NOT NULL,
    PRIMARY KEY (street_id, reference),
    CONSTRAINT fk_bank_reference_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // Where claims and own parts shared a reference before, the claim keeps it.
  "INSERT IGNORE INTO bank_reference SELECT street_id, bank_reference, 'claim', claim_id, at FROM month_claim_payment",
  "INSERT IGNORE INTO bank_reference SELECT street_id, bank_reference, 'advance', id, paid_at FROM advance_request WHERE bank_reference IS NOT NULL",
  "INSERT IGNORE INTO bank_reference SELECT street_id, bank_reference, 'own-part', id, paid_at FROM own_part_settlement WHERE bank_reference IS NOT NULL",
  "INSERT IGNORE INTO bank_reference SELECT street_id, bank_reference, 'receipt', id, recorded_at FROM transit_receipt WHERE reference_key IS NOT NULL",
  // attempt: a claim is paid whole and once; again only after its payment was taken back.
  `ALTER TABLE month_claim_payment DROP KEY uq_month_claim_payment_reference, ADD COLUMN attempt SMALLINT NOT NULL DEFAULT 1,
     DROP PRIMARY KEY, ADD PRIMARY KEY (claim_id, attempt), ADD KEY ix_month_claim_payment_reference (street_id, bank_reference)`,
  'ALTER TABLE advance_request DROP KEY uq_advance_request_reference, ADD KEY ix_advance_request_reference (street_id, bank_reference)',
  'ALTER TABLE own_part_settlement DROP KEY uq_own_part_settlement_reference, ADD KEY ix_own_part_settlement_reference (street_id, bank_reference)',
  'ALTER TABLE transit_receipt DROP KEY uq_transit_receipt_reference, DROP COLUMN reference_key, ADD KEY ix_transit_receipt_reference (street_id, bank_reference)',
  // object_kind: receipt | own-part | claim | advance. cause: bounced | mistaken. state: asked | done | refused.
  // open_key holds the transfer while it is asked for, so that it is asked for once.
  `CREATE TABLE payment_undo (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    object_kind VARCHAR(10) NOT NULL,
    object_id CHAR(36) NOT NULL,
    transfer_id CHAR(36) NOT NULL,
    amount_fen BIGINT NOT NULL,
    cause VARCHAR(10) NOT NULL,
    bank_reference VARCHAR(60) NULL,
    returned_on DATE NULL,
    reason VARCHAR(200) NOT NULL,
    state VARCHAR(8) NOT NULL,
    open_key CHAR(36) NULL,
    asked_by CHAR(36) NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    reversal_id CHAR(36) NULL,
    UNIQUE KEY uq_payment_undo_open (open_key),
    UNIQUE KEY uq_payment_undo_reversal (reversal_id),
    KEY ix_payment_undo (street_id, asked_at),
    CONSTRAINT ck_payment_undo CHECK ((decided_by IS NULL OR decided_by <> asked_by) AND (state = 'done') = (reversal_id IS NOT NULL)
      AND (state <> 'done' OR decided_by IS NOT NULL) AND (cause = 'bounced') = (bank_reference IS NOT NULL) AND (cause = 'bounced') = (returned_on IS NOT NULL)),
    CONSTRAINT fk_payment_undo_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  `CREATE TRIGGER payment_undo_no_delete BEFORE DELETE ON payment_undo FOR EACH ROW
     SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'payment_undo is never deleted'`,
  `CREATE TRIGGER payment_undo_final BEFORE UPDATE ON payment_undo FOR EACH ROW
     IF OLD.state <> 'asked' OR NEW.transfer_id <> OLD.transfer_id OR NEW.object_id <> OLD.object_id OR NEW.amount_fen <> OLD.amount_fen THEN
       SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'what was decided about a payment is never rewritten';
     END IF`,
];

const DOWN = [
  'DROP TABLE payment_undo',
  "ALTER TABLE transit_receipt DROP KEY ix_transit_receipt_reference, ADD COLUMN reference_key VARCHAR(60) NULL AFTER bank_reference",
  'ALTER TABLE own_part_settlement DROP KEY ix_own_part_settlement_reference, ADD UNIQUE KEY uq_own_part_settlement_reference (street_id, bank_reference)',
  'ALTER TABLE advance_request DROP KEY ix_advance_request_reference, ADD UNIQUE KEY uq_advance_request_reference (street_id, bank_reference)',
  `ALTER TABLE month_claim_payment DROP KEY ix_month_claim_payment_reference, DROP PRIMARY KEY, ADD PRIMARY KEY (claim_id), DROP COLUMN attempt,
     ADD UNIQUE KEY uq_month_claim_payment_reference (street_id, bank_reference)`,
  // The trigger on finished receipts looks at sums only: the key is filled again.
  `UPDATE transit_receipt r JOIN bank_reference b ON b.street_id = r.street_id AND b.reference = r.bank_reference AND b.used_by_id = r.id SET r.reference_key = r.bank_reference`,
  'ALTER TABLE transit_receipt ADD UNIQUE KEY uq_transit_receipt_reference (street_id, reference_key)',
  'DROP TABLE bank_reference',
];
