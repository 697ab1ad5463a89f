import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What dishes are made of and what stands behind the figures: composition tables by version, ingredients, recipes by
 * version, tested textures, substitutes, and what was decided for one person's dish of one meal.
 */
export class IngredientsAndRecipes1700000000180 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
    for (const table of APPEND_ONLY) {
      for (const action of ['UPDATE', 'DELETE']) {
        await queryRunner.query(
          `CREATE TRIGGER ${table}_no_${action.toLowerCase()} BEFORE ${action} ON ${table} FOR EACH ROW
           SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${table} is append-only'`,
        );
      }
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.slice().reverse()) await queryRunner.query(`DROP TABLE ${table}`);
    await queryRunner.query(
      `ALTER TABLE dish DROP COLUMN texture_level, DROP COLUMN texture_tested_by, DROP COLUMN texture_tested_on, DROP COLUMN hazards,
         DROP COLUMN fen_per_100g, DROP COLUMN retired`,
    );
  }
}

const APPEND_ONLY = ['recipe', 'recipe_ingredient'];

const TABLES = ['composition_table', 'composition_food', 'ingredient', 'recipe', 'recipe_ingredient', 'dish_substitute', 'meal_adjustment'];

const UP = [
  // texture_level: 3 to 7 of the IDDSI framework for food, with who tested it and when; NULL is not tested. fen_per_100g: sold by weight.
  `ALTER TABLE dish
    ADD COLUMN texture_level TINYINT NULL,
    ADD COLUMN texture_tested_by VARCHAR(40) NULL,
    ADD COLUMN texture_tested_on DATE NULL,
    ADD COLUMN hazards JSON NOT NULL DEFAULT '[]',
    ADD COLUMN fen_per_100g BIGINT NULL,
    ADD COLUMN retired TINYINT(1) NOT NULL DEFAULT 0,
    ADD CONSTRAINT ck_dish_texture CHECK (texture_level IS NULL OR (texture_level BETWEEN 3 AND 7 AND texture_tested_by IS NOT NULL AND texture_tested_on IS NOT NULL))`,
  // One version of an operator's own food composition table; a new import is a new version, the old one stays.
  `CREATE TABLE composition_table (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    name VARCHAR(80) NOT NULL,
    version INT NOT NULL,
    source VARCHAR(200) NOT NULL,
    file_name VARCHAR(120) NOT NULL,
    file_hash CHAR(64) NOT NULL,
    is_demo TINYINT(1) NOT NULL DEFAULT 0,
    refused_rows INT NOT NULL,
    refused_cells INT NOT NULL,
    imported_by CHAR(36) NULL,
    imported_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_composition_table_version (kitchen_id, name, version),
    UNIQUE KEY uq_composition_table_file (kitchen_id, name, file_hash),
    CONSTRAINT fk_composition_table_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // per_100g: nutrient -> figure or null (not known). verified_source: what was opened and compared with this row.
  `CREATE TABLE composition_food (
    id CHAR(36) NOT NULL PRIMARY KEY,
    table_id CHAR(36) NOT NULL,
    code VARCHAR(8) NOT NULL,
    name VARCHAR(80) NOT NULL,
    edible_share DECIMAL(5,4) NULL,
    per_100g JSON NOT NULL,
    verified_source VARCHAR(200) NULL,
    verified_by CHAR(36) NULL,
    verified_at DATETIME(3) NULL,
    UNIQUE KEY uq_composition_food_code (table_id, code),
    CONSTRAINT ck_composition_food_share CHECK (edible_share IS NULL OR (edible_share > 0 AND edible_share <= 1)),
    CONSTRAINT fk_composition_food_table FOREIGN KEY (table_id) REFERENCES composition_table (id)
  )`,
  // What a kitchen buys and cooks with. edible_share, where set, counts before the table's. purine: low | medium | high, NULL is not known.
  `CREATE TABLE ingredient (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    name VARCHAR(40) NOT NULL,
    food_group VARCHAR(12) NOT NULL,
    allergens JSON NOT NULL,
    food_id CHAR(36) NULL,
    edible_share DECIMAL(5,4) NULL,
    fen_per_kg BIGINT NULL,
    purine VARCHAR(6) NULL,
    retired TINYINT(1) NOT NULL DEFAULT 0,
    is_demo TINYINT(1) NOT NULL DEFAULT 0,
    updated_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_ingredient_name (kitchen_id, name),
    CONSTRAINT ck_ingredient_share CHECK (edible_share IS NULL OR (edible_share > 0 AND edible_share <= 1)),
    CONSTRAINT fk_ingredient_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id),
    CONSTRAINT fk_ingredient_food FOREIGN KEY (food_id) REFERENCES composition_food (id)
  )`,
  // The newest version of a dish counts; older ones stay for what was cooked and eaten by them.
  `CREATE TABLE recipe (
    id CHAR(36) NOT NULL PRIMARY KEY,
    dish_id CHAR(36) NOT NULL,
    version INT NOT NULL,
    portions INT NOT NULL,
    cooking_yield DECIMAL(6,3) NOT NULL,
    method VARCHAR(400) NOT NULL DEFAULT '',
    written_by CHAR(36) NULL,
    written_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_recipe_version (dish_id, version),
    CONSTRAINT ck_recipe CHECK (portions > 0 AND cooking_yield > 0),
    CONSTRAINT fk_recipe_dish FOREIGN KEY (dish_id) REFERENCES dish (id)
  )`,
  // purchased_g: for the whole recipe, as bought.
  `CREATE TABLE recipe_ingredient (
    recipe_id CHAR(36) NOT NULL,
    ingredient_id CHAR(36) NOT NULL,
    purchased_g DECIMAL(10,1) NOT NULL,
    PRIMARY KEY (recipe_id, ingredient_id),
    CONSTRAINT ck_recipe_ingredient CHECK (purchased_g > 0),
    CONSTRAINT fk_recipe_ingredient_recipe FOREIGN KEY (recipe_id) REFERENCES recipe (id),
    CONSTRAINT fk_recipe_ingredient_ingredient FOREIGN KEY (ingredient_id) REFERENCES ingredient (id)
  )`,
  `CREATE TABLE dish_substitute (
    dish_id CHAR(36) NOT NULL,
    substitute_id CHAR(36) NOT NULL,
    PRIMARY KEY (dish_id, substitute_id),
    CONSTRAINT ck_dish_substitute CHECK (dish_id <> substitute_id),
    CONSTRAINT fk_dish_substitute_dish FOREIGN KEY (dish_id) REFERENCES dish (id),
    CONSTRAINT fk_dish_substitute_substitute FOREIGN KEY (substitute_id) REFERENCES dish (id)
  )`,
  // Instead of one dish of a meal one person gets another (substitute_id), or the same prepared to their texture (NULL).
  `CREATE TABLE meal_adjustment (
    senior_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    dish_id CHAR(36) NOT NULL,
    substitute_id CHAR(36) NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NOT NULL,
    PRIMARY KEY (senior_id, business_day, period, dish_id),
    KEY ix_meal_adjustment_day (business_day, period),
    CONSTRAINT fk_meal_adjustment_senior FOREIGN KEY (senior_id) REFERENCES senior (id),
    CONSTRAINT fk_meal_adjustment_dish FOREIGN KEY (dish_id) REFERENCES dish (id),
    CONSTRAINT fk_meal_adjustment_substitute FOREIGN KEY (substitute_id) REFERENCES dish (id)
  )`,
];
