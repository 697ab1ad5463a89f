import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Menus that come again, festival days, what waste and running out cost, what was really taken, and portions that a planner set against the forecast. */
export class MenuCyclesAndForecastSettings1700000000181 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['meal_taken', 'portion_override', 'cooking_cost', 'menu_cycle']) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const UP = [
  // A cycle of days, or (festival_day set) the menu of one festival, which goes before any cycle on its day.
  // trays: [{day, code, name, grossFen, dishIds}], day 0 is the first.
  `CREATE TABLE menu_cycle (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    name VARCHAR(40) NOT NULL,
    period VARCHAR(10) NOT NULL,
    festival_day DATE NULL,
    days SMALLINT NOT NULL,
    trays JSON NOT NULL,
    bounds JSON NOT NULL,
    written_by CHAR(36) NULL,
    written_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_menu_cycle_name (kitchen_id, name),
    UNIQUE KEY uq_menu_cycle_festival (kitchen_id, period, festival_day),
    CONSTRAINT fk_menu_cycle_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // What one portion too many and one too few cost, in fen, by day of effect; the cooking quantile follows from both.
  `CREATE TABLE cooking_cost (
    kitchen_id CHAR(36) NOT NULL,
    effective_from DATE NOT NULL,
    wasted_fen BIGINT NOT NULL,
    missed_fen BIGINT NOT NULL,
    reason VARCHAR(200) NOT NULL,
    written_by CHAR(36) NULL,
    written_at DATETIME(3) NOT NULL,
    PRIMARY KEY (kitchen_id, effective_from),
    CONSTRAINT ck_cooking_cost CHECK (wasted_fen > 0 AND missed_fen > 0),
    CONSTRAINT fk_cooking_cost_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // Walk-in portions of a set meal at a point that a planner set, with what the forecast had said at that time. The newest row counts.
  `CREATE TABLE portion_override (
    id CHAR(36) NOT NULL PRIMARY KEY,
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    set_code CHAR(1) NOT NULL,
    portions INT NOT NULL,
    forecast_portions INT NOT NULL,
    reason VARCHAR(200) NOT NULL,
    withdrawn TINYINT(1) NOT NULL DEFAULT 0,
    set_by CHAR(36) NULL,
    set_at DATETIME(3) NOT NULL,
    KEY ix_portion_override (point_id, business_day, period, set_code),
    CONSTRAINT ck_portion_override CHECK (portions >= 0 AND forecast_portions >= 0),
    CONSTRAINT fk_portion_override_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  // What was really taken of a dish, where it was not one portion: half a portion is 0.5, a weighed plate its grams. One of both is set.
  `CREATE TABLE meal_taken (
    meal_id CHAR(36) NOT NULL,
    dish_id CHAR(36) NOT NULL,
    portions DECIMAL(4,2) NULL,
    grams DECIMAL(7,1) NULL,
    recorded_by CHAR(36) NULL,
    recorded_at DATETIME(3) NOT NULL,
    PRIMARY KEY (meal_id, dish_id),
    CONSTRAINT ck_meal_taken CHECK ((portions IS NULL) <> (grams IS NULL) AND COALESCE(portions, 0) >= 0 AND COALESCE(grams, 0) >= 0),
    CONSTRAINT fk_meal_taken_meal FOREIGN KEY (meal_id) REFERENCES meal (id),
    CONSTRAINT fk_meal_taken_dish FOREIGN KEY (dish_id) REFERENCES dish (id)
  )`,
];
