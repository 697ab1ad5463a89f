import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Wrong secrets told at kiosks, counted per person wherever they are told; a row lives until the next right one. */
export class SeniorPinBrake1700000000271 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE senior_pin_delay (
      senior_id CHAR(36) NOT NULL PRIMARY KEY,
      failures INT NOT NULL DEFAULT 0,
      not_before DATETIME(3) NOT NULL,
      last_attempt_at DATETIME(3) NOT NULL
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE senior_pin_delay');
  }
}
