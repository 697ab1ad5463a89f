import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A senior's own secret of four digits for kiosks, kept as a hash; whoever has one is not known by the phone digits alone. */
export class SeniorPins1700000000214 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE senior_pin (
      senior_id CHAR(36) NOT NULL PRIMARY KEY,
      pin_hash VARCHAR(200) NOT NULL,
      set_at DATETIME(3) NOT NULL,
      CONSTRAINT fk_senior_pin_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE senior_pin');
  }
}
