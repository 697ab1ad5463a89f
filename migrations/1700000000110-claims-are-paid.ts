import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a claim holds besides meals (agreed deliveries, advances taken off), and the ledger's transfer behind every
 * payment of a claim and of an advance. Payments recorded before carry no transfer.
 */
export class ClaimsArePaid1700000000110 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  // delivery_fen: agreed stops; advance_fen: never positive.
  `ALTER TABLE month_claim
     ADD COLUMN delivery_fen BIGINT NOT NULL DEFAULT 0,
     ADD COLUMN advance_fen BIGINT NOT NULL DEFAULT 0,
     DROP CONSTRAINT ck_month_claim`,
  `ALTER TABLE month_claim
     ADD CONSTRAINT ck_month_claim CHECK (payable_fen = amount_fen + adjustment_fen + delivery_fen + advance_fen AND advance_fen <= 0)`,
  // The stop or the advance that a line stands for; its booked_key lets it stand on one claim only.
  'ALTER TABLE month_claim_line ADD COLUMN source_id CHAR(36) NULL',
  `ALTER TABLE month_claim_payment
     ADD COLUMN transfer_id CHAR(36) NULL,
     ADD UNIQUE KEY uq_month_claim_payment_transfer (transfer_id)`,
  // state: asked | once-approved | approved | paid | refused | deducted.
  `ALTER TABLE advance_request
     ADD COLUMN bank_reference VARCHAR(60) NULL,
     ADD COLUMN paid_on DATE NULL,
     ADD COLUMN paid_by CHAR(36) NULL,
     ADD COLUMN paid_at DATETIME(3) NULL,
     ADD COLUMN transfer_id CHAR(36) NULL,
     ADD UNIQUE KEY uq_advance_request_reference (street_id, bank_reference),
     ADD UNIQUE KEY uq_advance_request_transfer (transfer_id)`,
];

const DOWN = [
  `ALTER TABLE advance_request DROP KEY uq_advance_request_reference, DROP KEY uq_advance_request_transfer,
     DROP COLUMN bank_reference, DROP COLUMN paid_on, DROP COLUMN paid_by, DROP COLUMN paid_at, DROP COLUMN transfer_id`,
  'ALTER TABLE month_claim_payment DROP KEY uq_month_claim_payment_transfer, DROP COLUMN transfer_id',
  'ALTER TABLE month_claim_line DROP COLUMN source_id',
  'ALTER TABLE month_claim DROP CONSTRAINT ck_month_claim, DROP COLUMN delivery_fen, DROP COLUMN advance_fen',
  'ALTER TABLE month_claim ADD CONSTRAINT ck_month_claim CHECK (payable_fen = amount_fen + adjustment_fen)',
];
