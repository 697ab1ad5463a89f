import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a crew's phone proves a door with beside two digits: a photo that arrives by itself, a place; and boxes that were swapped. */
export class ProofAtTheDoor1700000000224 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  // photo_id: announced with the result, before the photo itself has arrived. place_*: WGS-84, as the phone knew it.
  `ALTER TABLE route_stop ADD COLUMN photo_id CHAR(36) NULL, ADD COLUMN place_latitude DOUBLE NULL, ADD COLUMN place_longitude DOUBLE NULL,
     ADD COLUMN place_accuracy_m INT NULL`,
  // The id is made on the phone when the picture is taken, and so is the stop it belongs to.
  `CREATE TABLE stop_photo (
    id CHAR(36) NOT NULL PRIMARY KEY,
    route_stop_id CHAR(36) NOT NULL,
    photo MEDIUMBLOB NOT NULL,
    digest CHAR(64) NOT NULL,
    device_at DATETIME(3) NOT NULL,
    stored_at DATETIME(3) NOT NULL,
    stored_by CHAR(36) NOT NULL,
    KEY ix_stop_photo_stop (route_stop_id),
    CONSTRAINT fk_stop_photo_stop FOREIGN KEY (route_stop_id) REFERENCES route_stop (id)
  )`,
  // A door got another box than its own. from_stop_id: whose box it was; NULL for a spare one. got_set_code: what was in it.
  `CREATE TABLE box_swap (
    id CHAR(36) NOT NULL PRIMARY KEY,
    route_stop_id CHAR(36) NOT NULL,
    from_stop_id CHAR(36) NULL,
    ordered_set_code CHAR(1) NOT NULL,
    got_set_code CHAR(1) NOT NULL,
    reason VARCHAR(12) NOT NULL,
    called_back TINYINT(1) NOT NULL,
    device_at DATETIME(3) NOT NULL,
    recorded_at DATETIME(3) NOT NULL,
    recorded_by CHAR(36) NOT NULL,
    KEY ix_box_swap_stop (route_stop_id),
    CONSTRAINT fk_box_swap_stop FOREIGN KEY (route_stop_id) REFERENCES route_stop (id)
  )`,
];

const DOWN = [
  'DROP TABLE box_swap',
  'DROP TABLE stop_photo',
  'ALTER TABLE route_stop DROP COLUMN photo_id, DROP COLUMN place_latitude, DROP COLUMN place_longitude, DROP COLUMN place_accuracy_m',
];
