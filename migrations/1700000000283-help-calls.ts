import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who stands before a kiosk and has called for a person: open until somebody of the point goes there, one a machine. */
export class HelpCalls1700000000283 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE help_call (
      id CHAR(36) NOT NULL PRIMARY KEY,
      device_id CHAR(36) NOT NULL,
      point_id CHAR(36) NOT NULL,
      reason VARCHAR(20) NOT NULL,
      called_at DATETIME(3) NOT NULL,
      open_mark TINYINT NULL DEFAULT 1,
      taken_at DATETIME(3) NULL,
      taken_by CHAR(36) NULL,
      UNIQUE KEY uq_help_call_open (device_id, open_mark),
      KEY ix_help_call_point (point_id, open_mark, called_at),
      CONSTRAINT fk_help_call_device FOREIGN KEY (device_id) REFERENCES device (id),
      CONSTRAINT fk_help_call_point FOREIGN KEY (point_id) REFERENCES point (id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE help_call');
  }
}
