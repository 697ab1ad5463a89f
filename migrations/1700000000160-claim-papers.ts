import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The papers of every operator on a claim, as they stood when it was frozen. Claims frozen before carry none. */
export class ClaimPapers1700000000160 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // An absent paper is '' with no end. bank_account names owner and shown number: where the claim is to be paid to.
    await queryRunner.query(
      `CREATE TABLE month_claim_paper (
        claim_id CHAR(36) NOT NULL,
        operator_id CHAR(36) NOT NULL,
        name VARCHAR(80) NOT NULL,
        contract_no VARCHAR(40) NOT NULL,
        contract_to DATE NULL,
        licence_no VARCHAR(40) NOT NULL,
        licence_valid_to DATE NULL,
        bank_account VARCHAR(160) NOT NULL,
        PRIMARY KEY (claim_id, operator_id),
        CONSTRAINT fk_month_claim_paper FOREIGN KEY (claim_id) REFERENCES month_claim (id)
      )`,
    );
    for (const action of ['UPDATE', 'DELETE']) {
      await queryRunner.query(
        `CREATE TRIGGER month_claim_paper_no_${action.toLowerCase()} BEFORE ${action} ON month_claim_paper FOR EACH ROW
         SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'month_claim_paper is append-only'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE month_claim_paper');
  }
}
