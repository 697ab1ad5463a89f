import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a person gets instead belongs to the set meal that they ordered, and a dish that is prepared to a texture is
 * tested before it is handed over.
 */
export class AdjustmentsOfAnOrder1700000000267 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE meal_adjustment DROP CONSTRAINT ck_meal_adjustment_test, DROP COLUMN set_code, DROP COLUMN tested_level, DROP COLUMN tested_by, DROP COLUMN tested_at, DROP COLUMN test_recorded_by',
    );
  }
}

const UP = [
  // set_code: of the order, or of the standing plan, that the dish belongs to. tested_level: 3 to 7 of the prepared portion, with who tested it.
  `ALTER TABLE meal_adjustment
    ADD COLUMN set_code CHAR(1) NULL,
    ADD COLUMN tested_level TINYINT NULL,
    ADD COLUMN tested_by VARCHAR(40) NULL,
    ADD COLUMN tested_at DATETIME(3) NULL,
    ADD COLUMN test_recorded_by CHAR(36) NULL,
    ADD CONSTRAINT ck_meal_adjustment_test CHECK (tested_level IS NULL OR (substitute_id IS NULL AND tested_level BETWEEN 3 AND 7 AND tested_by IS NOT NULL AND tested_at IS NOT NULL))`,
  `UPDATE meal_adjustment a SET set_code = COALESCE(
    (SELECT o.set_code FROM meal_order o WHERE o.senior_id = a.senior_id AND o.business_day = a.business_day AND o.period = a.period ORDER BY o.active DESC, o.created_at DESC LIMIT 1),
    (SELECT p.set_code FROM standing_plan p WHERE p.senior_id = a.senior_id AND p.period = a.period AND p.valid_from <= a.business_day AND (p.valid_to IS NULL OR p.valid_to > a.business_day)
       ORDER BY p.valid_from DESC LIMIT 1))`,
];
