import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The number by which an attendant opens the panel of a kiosk at their point; drawn by the server, kept as a hash. */
export class AttendantPins1700000000213 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE staff_pin (
      staff_id CHAR(36) NOT NULL PRIMARY KEY,
      pin_hash VARCHAR(200) NOT NULL,
      drawn_at DATETIME(3) NOT NULL,
      CONSTRAINT fk_staff_pin_staff FOREIGN KEY (staff_id) REFERENCES staff (id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE staff_pin');
  }
}
