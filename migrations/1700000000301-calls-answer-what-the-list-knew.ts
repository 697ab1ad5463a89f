import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A welfare call answers what the list knew when it was made, which is older than the call: what came in between is called about again. */
export class CallsAnswerWhatTheListKnew1700000000301 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE welfare_call ADD COLUMN known_at DATETIME(3) NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE welfare_call DROP COLUMN known_at');
  }
}
