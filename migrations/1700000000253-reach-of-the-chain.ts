import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the chain reaches is asked at each sealing: read from an index, not from a year of links. */
export class ReachOfTheChain1700000000253 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE journal_seal ADD KEY ix_journal_seal_position (transfer_position)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE journal_seal DROP KEY ix_journal_seal_position');
  }
}
