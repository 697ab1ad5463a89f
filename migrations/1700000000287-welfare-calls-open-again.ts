import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A person who was called stands on the list again when something else happens on the same day; one call a person waits at a time. */
export class WelfareCallsOpenAgain1700000000287 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // waiting is 1 until the call is made and NULL afterwards, so that calls that were made stay beside the one that waits.
    await queryRunner.query('ALTER TABLE welfare_call ADD COLUMN waiting TINYINT NULL DEFAULT 1');
    await queryRunner.query('UPDATE welfare_call SET waiting = NULL WHERE called_at IS NOT NULL');
    await queryRunner.query('ALTER TABLE welfare_call DROP KEY uq_welfare_call, ADD UNIQUE KEY uq_welfare_call (business_day, senior_id, waiting)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DELETE w FROM welfare_call w JOIN welfare_call o ON o.business_day = w.business_day AND o.senior_id = w.senior_id AND o.id < w.id');
    await queryRunner.query('ALTER TABLE welfare_call DROP KEY uq_welfare_call, DROP COLUMN waiting, ADD UNIQUE KEY uq_welfare_call (business_day, senior_id)');
  }
}
