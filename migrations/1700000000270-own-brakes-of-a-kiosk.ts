import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Wrong numbers of attendants are counted apart from phone digits that find nobody, and each guest who is found makes up for one of these. */
export class OwnBrakesOfAKiosk1700000000270 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE kiosk_digit_delay ADD COLUMN kind VARCHAR(10) NOT NULL DEFAULT 'digits', ADD COLUMN found JSON NULL,
      DROP PRIMARY KEY, ADD PRIMARY KEY (device_id, kind)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("DELETE FROM kiosk_digit_delay WHERE kind <> 'digits'");
    await queryRunner.query('ALTER TABLE kiosk_digit_delay DROP PRIMARY KEY, ADD PRIMARY KEY (device_id), DROP COLUMN kind, DROP COLUMN found');
  }
}
