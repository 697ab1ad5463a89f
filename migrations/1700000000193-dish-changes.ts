import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A dish of a day that the kitchen replaced by another: asked, confirmed by a second person or done alone with a reason. */
export class DishChanges1700000000193 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE dish_change');
  }
}

// state: waiting | done | refused. waiting is 1 while nobody has decided, else NULL: one open question per dish.
// set_codes: the set meals that it changed. people: meals of how many people the new dish is against, when it was decided.
const UP = `CREATE TABLE dish_change (
  id CHAR(36) NOT NULL PRIMARY KEY,
  kitchen_id CHAR(36) NOT NULL,
  business_day DATE NOT NULL,
  period VARCHAR(10) NOT NULL,
  dish_id CHAR(36) NOT NULL,
  substitute_id CHAR(36) NOT NULL,
  set_codes VARCHAR(60) NOT NULL,
  new_allergens JSON NOT NULL,
  people INT NOT NULL,
  reason VARCHAR(120) NOT NULL,
  alone_reason VARCHAR(120) NULL,
  state VARCHAR(8) NOT NULL,
  waiting TINYINT(1) NULL,
  asked_by CHAR(36) NOT NULL,
  asked_at DATETIME(3) NOT NULL,
  decided_by CHAR(36) NULL,
  decided_at DATETIME(3) NULL,
  UNIQUE KEY uq_dish_change_waiting (kitchen_id, business_day, period, dish_id, waiting),
  KEY ix_dish_change_day (kitchen_id, business_day),
  CONSTRAINT fk_dish_change_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id),
  CONSTRAINT fk_dish_change_dish FOREIGN KEY (dish_id) REFERENCES dish (id),
  CONSTRAINT fk_dish_change_substitute FOREIGN KEY (substitute_id) REFERENCES dish (id)
)`;
