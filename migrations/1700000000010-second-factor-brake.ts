import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Wrong second proofs at the desk, counted per member of staff and senior; a row lives until the next right proof. */
export class SecondFactorBrake1700000000010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE second_factor_delay (
      staff_id CHAR(36) NOT NULL,
      senior_id CHAR(36) NOT NULL,
      failures INT NOT NULL DEFAULT 0,
      not_before DATETIME(3) NOT NULL,
      last_attempt_at DATETIME(3) NOT NULL,
      PRIMARY KEY (staff_id, senior_id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE second_factor_delay');
  }
}
