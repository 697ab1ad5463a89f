import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A device that was enrolled by a code waits until somebody has confirmed on site where it stands. Devices of before have no
 * row: they were trusted at once, and stay so.
 */
export class PlacesOfDevices1700000000277 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE device_place (
      device_id CHAR(36) NOT NULL PRIMARY KEY,
      number_sealed VARCHAR(200) NOT NULL,
      code_issued_by CHAR(36) NULL,
      former_device_id CHAR(36) NULL,
      waits_until DATETIME(3) NOT NULL,
      wrong INT NOT NULL DEFAULT 0,
      try_after DATETIME(3) NULL,
      confirmed_at DATETIME(3) NULL,
      confirmed_by CHAR(36) NULL,
      KEY ix_device_place_waits (confirmed_at, waits_until),
      CONSTRAINT fk_device_place_device FOREIGN KEY (device_id) REFERENCES device (id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // A release that knows no waiting has nobody to confirm it: what waits is ended, never trusted.
    await queryRunner.query("UPDATE device SET status = 'revoked', revoked_at = NOW(3) WHERE status = 'waiting'");
    await queryRunner.query('DROP TABLE device_place');
  }
}
