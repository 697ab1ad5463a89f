import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a kitchen tells its forecast (weather, days on which pensions are paid, grams of a portion), and plans kept so that nothing is learned twice. */
export class ForecastInputs1700000000196 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['walk_in_plan', 'day_weather', 'forecast_setting']) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const UP = [
  // pension_days: days of the month (1-31) on which pensions are paid; portion_g: what a set meal weighs as it is thrown away unserved.
  `CREATE TABLE forecast_setting (
    kitchen_id CHAR(36) NOT NULL PRIMARY KEY,
    pension_days JSON NOT NULL,
    portion_g INT NOT NULL,
    set_by CHAR(36) NOT NULL,
    set_at DATETIME(3) NOT NULL,
    CONSTRAINT ck_forecast_setting CHECK (portion_g BETWEEN 100 AND 2000),
    CONSTRAINT fk_forecast_setting_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // As reported for a day to come, as it was for a day gone by. high_c: the highest temperature, NULL where nobody said.
  `CREATE TABLE day_weather (
    kitchen_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    rain_mm DECIMAL(5,1) NOT NULL,
    high_c DECIMAL(4,1) NULL,
    set_by CHAR(36) NOT NULL,
    set_at DATETIME(3) NOT NULL,
    PRIMARY KEY (kitchen_id, business_day),
    CONSTRAINT ck_day_weather CHECK (rain_mm >= 0),
    CONSTRAINT fk_day_weather_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // The newest forecast of a kitchen, day and period; digest names everything it was computed from. Can be thrown away at any time.
  `CREATE TABLE walk_in_plan (
    kitchen_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    digest CHAR(64) NOT NULL,
    plan JSON NOT NULL,
    made_at DATETIME(3) NOT NULL,
    PRIMARY KEY (kitchen_id, business_day, period)
  )`,
];
