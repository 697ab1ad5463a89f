import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A message knows by itself that it took effect, so that looking for those without effect costs what is open and not
 * what was ever sent. Searches by phone digits that found nobody, per kiosk.
 */
export class OutboxEffectsAndKioskBrake1700000000170 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE outbox_message
      ADD COLUMN done_at DATETIME(3) NULL,
      ADD KEY ix_outbox_message_open (done_at, published_at)`);
    await queryRunner.query('UPDATE inbox_message i JOIN outbox_message o ON o.id = i.message_id SET o.done_at = i.at');
    await queryRunner.query('ALTER TABLE inbox_message ADD KEY ix_inbox_message_at (at)');
    await queryRunner.query(`CREATE TABLE kiosk_digit_delay (
      device_id CHAR(36) NOT NULL PRIMARY KEY,
      misses INT NOT NULL DEFAULT 0,
      not_before DATETIME(3) NOT NULL,
      last_miss_at DATETIME(3) NOT NULL
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE kiosk_digit_delay');
    await queryRunner.query('ALTER TABLE inbox_message DROP KEY ix_inbox_message_at');
    await queryRunner.query('ALTER TABLE outbox_message DROP KEY ix_outbox_message_open, DROP COLUMN done_at');
  }
}
