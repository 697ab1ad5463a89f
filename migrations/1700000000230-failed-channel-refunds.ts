import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A refund that a channel gives up is paid by bank instead: who asked, who decided and where it went stand in the request that it names. */
export class FailedChannelRefunds1700000000230 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // state: due | sent | failed | settled. settled: paid by bank through this request.
    await queryRunner.query('ALTER TABLE channel_refund ADD COLUMN settled_by_request CHAR(36) NULL, ADD COLUMN tried_at DATETIME(3) NULL, ADD KEY ix_channel_refund_created (created_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE channel_refund DROP KEY ix_channel_refund_created, DROP COLUMN tried_at, DROP COLUMN settled_by_request');
  }
}
