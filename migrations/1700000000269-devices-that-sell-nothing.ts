import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A machine at a gate, or one that an attendant has locked, tells that it sells nothing: nobody is to be sent to it without network. */
export class DevicesThatSellNothing1700000000269 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE device_status ADD COLUMN sells TINYINT NOT NULL DEFAULT 1');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE device_status DROP COLUMN sells');
  }
}
