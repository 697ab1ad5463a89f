import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Faces that a kiosk or the server turned away because nobody living or nothing new stood there; for the checks of entries by hand. */
export class FaceRefusals1700000000248 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // cause: liveness (no head turn as asked) | replayed (the same numbers again). No picture and no template, ever.
    await queryRunner.query(`CREATE TABLE face_refusal (
      id CHAR(36) NOT NULL PRIMARY KEY,
      device_id CHAR(36) NOT NULL,
      point_id CHAR(36) NOT NULL,
      person_code CHAR(36) NULL,
      cause VARCHAR(10) NOT NULL,
      at DATETIME(3) NOT NULL,
      received_at DATETIME(3) NOT NULL,
      KEY ix_face_refusal_point (point_id, at),
      CONSTRAINT fk_face_refusal_device FOREIGN KEY (device_id) REFERENCES device (id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE face_refusal');
  }
}
