import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A set meal that an attendant took off sale at a point, and put back. */
export class SoldOutMarks1700000000195 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // active is 1 while it is off sale, else NULL: one open mark per point and set meal.
    await queryRunner.query(`CREATE TABLE sold_out_mark (
      id CHAR(36) NOT NULL PRIMARY KEY,
      point_id CHAR(36) NOT NULL,
      set_meal_id CHAR(36) NOT NULL,
      active TINYINT(1) NULL,
      reason VARCHAR(120) NOT NULL,
      marked_by CHAR(36) NOT NULL,
      marked_at DATETIME(3) NOT NULL,
      ended_by CHAR(36) NULL,
      ended_at DATETIME(3) NULL,
      UNIQUE KEY uq_sold_out_mark (point_id, set_meal_id, active),
      CONSTRAINT fk_sold_out_mark_point FOREIGN KEY (point_id) REFERENCES point (id),
      CONSTRAINT fk_sold_out_mark_set_meal FOREIGN KEY (set_meal_id) REFERENCES set_meal (id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE sold_out_mark');
  }
}
