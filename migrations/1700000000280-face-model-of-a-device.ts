import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which model a device last asked for faces; NULL where it has not asked since. */
export class FaceModelOfADevice1700000000280 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE device ADD COLUMN face_model VARCHAR(60) NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE device DROP COLUMN face_model');
  }
}
