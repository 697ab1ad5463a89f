import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Meals on a payer's claim whose operator had no contract or licence on their day, as they stood when it was frozen. Claims frozen before carry none. */
export class MealsWithoutPapers1700000000241 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE month_claim_unfit_day (
        claim_id CHAR(36) NOT NULL,
        operator_id CHAR(36) NOT NULL,
        business_day DATE NOT NULL,
        meals INT NOT NULL,
        amount_fen BIGINT NOT NULL,
        PRIMARY KEY (claim_id, operator_id, business_day),
        CONSTRAINT fk_month_claim_unfit_day FOREIGN KEY (claim_id) REFERENCES month_claim (id)
      )`,
    );
    for (const action of ['UPDATE', 'DELETE']) {
      await queryRunner.query(
        `CREATE TRIGGER month_claim_unfit_day_no_${action.toLowerCase()} BEFORE ${action} ON month_claim_unfit_day FOR EACH ROW
         SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'month_claim_unfit_day is append-only'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE month_claim_unfit_day');
  }
}
