import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The wished bound per stranger, as it stood when the allowance was issued: a sale by face that rests on a greater risk is
 * looked at by a person. Allowances of before say nothing of it.
 */
export class BoundOfAnAllowance1700000000278 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE offline_envelope ADD COLUMN max_risk_ppm INT NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE offline_envelope DROP COLUMN max_risk_ppm');
  }
}
