import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people thought of a meal: one of three faces, and after a bad one a reason. No column names a person or a meal. */
export class MealRatings1700000000212 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE meal_rating (
      id CHAR(36) NOT NULL PRIMARY KEY,
      point_id CHAR(36) NOT NULL,
      device_id CHAR(36) NOT NULL,
      business_day DATE NOT NULL,
      face VARCHAR(4) NOT NULL,
      reason VARCHAR(8) NULL,
      rated_at DATETIME(3) NOT NULL,
      KEY ix_meal_rating_day (point_id, business_day),
      KEY ix_meal_rating_device (device_id, rated_at),
      CONSTRAINT fk_meal_rating_point FOREIGN KEY (point_id) REFERENCES point (id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE meal_rating');
  }
}
