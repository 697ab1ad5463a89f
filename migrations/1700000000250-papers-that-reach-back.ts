import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A contract or licence that reaches back, or replaces another, counts only once a second person has looked at it. */
export class PapersThatReachBack1700000000250 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Papers from before count as they did.
    await queryRunner.query('ALTER TABLE operator_paper ADD COLUMN needs_second TINYINT NOT NULL DEFAULT 0');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE operator_paper DROP COLUMN needs_second');
  }
}
