import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Set meals that are sold by weight, and what each plate weighed. A weight is part of a meal: never changed, never deleted. */
export class WeighedPlates1700000000211 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE meal_weight');
    await queryRunner.query('DROP TABLE weighed_price');
  }
}

const UP = [
  // dish_id '': a mixed plate. set_meal.gross_fen of such a set meal is that of an ordinary plate.
  `CREATE TABLE weighed_price (
    set_meal_id CHAR(36) NOT NULL,
    dish_id CHAR(36) NOT NULL DEFAULT '',
    fen_per_100g BIGINT NOT NULL,
    PRIMARY KEY (set_meal_id, dish_id),
    CONSTRAINT ck_weighed_price CHECK (fen_per_100g > 0),
    CONSTRAINT fk_weighed_price_set_meal FOREIGN KEY (set_meal_id) REFERENCES set_meal (id)
  )`,
  `CREATE TABLE meal_weight (
    meal_id CHAR(36) NOT NULL,
    line SMALLINT NOT NULL,
    dish_id CHAR(36) NULL,
    grams INT NOT NULL,
    fen_per_100g BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (meal_id, line),
    CONSTRAINT ck_meal_weight CHECK (grams > 0),
    CONSTRAINT fk_meal_weight_meal FOREIGN KEY (meal_id) REFERENCES meal (id)
  )`,
  `CREATE TRIGGER meal_weight_no_update BEFORE UPDATE ON meal_weight FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'meal_weight is append-only'`,
  `CREATE TRIGGER meal_weight_no_delete BEFORE DELETE ON meal_weight FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'meal_weight is append-only'`,
];
