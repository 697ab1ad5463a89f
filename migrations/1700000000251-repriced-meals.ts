import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A meal whose price was too low for what is known of its day is taken back and booked again; which one followed it. */
export class RepricedMeals1700000000251 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE claw_back ADD COLUMN repriced_meal_id CHAR(36) NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE claw_back DROP COLUMN repriced_meal_id');
  }
}
