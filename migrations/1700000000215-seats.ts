import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The reserved zone of a point: its seats, and who came in. No column ties a visit to a payment. */
export class Seats1700000000215 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE seat_zone (
      point_id CHAR(36) NOT NULL PRIMARY KEY,
      seats SMALLINT NOT NULL,
      stay_min SMALLINT NOT NULL,
      peak_from_min SMALLINT NOT NULL,
      peak_to_min SMALLINT NOT NULL,
      keep_free SMALLINT NOT NULL,
      set_by CHAR(36) NOT NULL,
      set_at DATETIME(3) NOT NULL,
      CONSTRAINT fk_seat_zone_point FOREIGN KEY (point_id) REFERENCES point (id)
    )`);
    // senior_id null: somebody whom an attendant counted in by hand.
    await queryRunner.query(`CREATE TABLE seat_visit (
      id CHAR(36) NOT NULL PRIMARY KEY,
      point_id CHAR(36) NOT NULL,
      senior_id CHAR(36) NULL,
      entered_at DATETIME(3) NOT NULL,
      leaves_at DATETIME(3) NOT NULL,
      left_at DATETIME(3) NULL,
      KEY ix_seat_visit_point (point_id, leaves_at),
      CONSTRAINT fk_seat_visit_zone FOREIGN KEY (point_id) REFERENCES seat_zone (point_id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE seat_visit');
    await queryRunner.query('DROP TABLE seat_zone');
  }
}
