import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a contact agreed to messages about everyday things, such as an account that no longer pays for a meal. Nobody has been asked yet. */
export class MessagesToContacts1700000000295 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE senior_contact ADD COLUMN takes_messages TINYINT(1) NOT NULL DEFAULT 0');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE senior_contact DROP COLUMN takes_messages');
  }
}
