import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The photo of a dish. */
export class DishPhotos1700000000197 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE dish_photo (
      dish_id CHAR(36) NOT NULL PRIMARY KEY,
      photo MEDIUMBLOB NOT NULL,
      set_by CHAR(36) NOT NULL,
      set_at DATETIME(3) NOT NULL,
      CONSTRAINT fk_dish_photo_dish FOREIGN KEY (dish_id) REFERENCES dish (id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE dish_photo');
  }
}
