import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Photos of doors are looked at with a reason that stays, and let go of when their time is over; their digest remains. */
export class PhotosLookedAtAndLetGo1700000000225 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE stop_photo MODIFY photo MEDIUMBLOB NULL, ADD COLUMN purged_at DATETIME(3) NULL, ADD KEY ix_stop_photo_kept (purged_at, stored_at)');
    await queryRunner.query(`CREATE TABLE stop_photo_look (
      id CHAR(36) NOT NULL PRIMARY KEY,
      route_stop_id CHAR(36) NOT NULL,
      reason VARCHAR(200) NOT NULL,
      looked_by CHAR(36) NOT NULL,
      looked_at DATETIME(3) NOT NULL,
      KEY ix_stop_photo_look_stop (route_stop_id, looked_at),
      CONSTRAINT fk_stop_photo_look_stop FOREIGN KEY (route_stop_id) REFERENCES route_stop (id)
    )`);
  }

  /** A photo that was let go of cannot come back: an empty one stands for it. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE stop_photo_look');
    await queryRunner.query("UPDATE stop_photo SET photo = '' WHERE photo IS NULL");
    await queryRunner.query('ALTER TABLE stop_photo DROP KEY ix_stop_photo_kept, DROP COLUMN purged_at, MODIFY photo MEDIUMBLOB NOT NULL');
  }
}
