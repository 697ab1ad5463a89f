import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a kitchen cooks in batches, the samples it keeps of them, and which batch a load took its portions from.
 * production_setting is append-only: the newest row of a kitchen holds.
 */
export class BatchesAndSamples1700000000190 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
    for (const action of ['UPDATE', 'DELETE']) {
      await queryRunner.query(
        `CREATE TRIGGER production_setting_no_${action.toLowerCase()} BEFORE ${action} ON production_setting FOR EACH ROW
         SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'production_setting is append-only'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['load_batch', 'retained_sample', 'kitchen_batch', 'production_setting']) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const UP = [
  // settings: pots, portions a pot holds, minutes to cook, when each wave is ready, limits of food safety; source: the rule they come from.
  `CREATE TABLE production_setting (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    settings JSON NOT NULL,
    source VARCHAR(120) NOT NULL,
    set_by CHAR(36) NULL,
    set_at DATETIME(3) NOT NULL,
    KEY ix_production_setting_kitchen (kitchen_id, set_at),
    CONSTRAINT fk_production_setting_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // One pot of one dish. method: hot | cold (washed or cut, never heated). state: planned | cooked | released | dropped.
  // fed counts the portions that loads took from it.
  `CREATE TABLE kitchen_batch (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    dish_id CHAR(36) NOT NULL,
    batch_no SMALLINT NOT NULL,
    wave SMALLINT NOT NULL,
    pot VARCHAR(20) NOT NULL,
    start_min SMALLINT NOT NULL,
    ready_min SMALLINT NOT NULL,
    method VARCHAR(4) NOT NULL,
    state VARCHAR(8) NOT NULL,
    planned_portions INT NOT NULL,
    portions INT NULL,
    fed INT NOT NULL DEFAULT 0,
    core_c DECIMAL(4,1) NULL,
    measured_by CHAR(36) NULL,
    cooked_at DATETIME(3) NULL,
    released_by CHAR(36) NULL,
    released_at DATETIME(3) NULL,
    recalled TINYINT(1) NOT NULL DEFAULT 0,
    UNIQUE KEY uq_kitchen_batch_no (kitchen_id, business_day, period, dish_id, batch_no),
    KEY ix_kitchen_batch_dish (dish_id, business_day),
    CONSTRAINT ck_kitchen_batch CHECK (planned_portions > 0 AND fed >= 0 AND (fed = 0 OR fed <= portions)),
    CONSTRAINT fk_kitchen_batch_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id),
    CONSTRAINT fk_kitchen_batch_dish FOREIGN KEY (dish_id) REFERENCES dish (id)
  )`,
  `CREATE TABLE retained_sample (
    id CHAR(36) NOT NULL PRIMARY KEY,
    batch_id CHAR(36) NOT NULL,
    kitchen_id CHAR(36) NOT NULL,
    grams INT NOT NULL,
    taken_at DATETIME(3) NOT NULL,
    taken_by CHAR(36) NULL,
    container VARCHAR(20) NOT NULL,
    fridge VARCHAR(20) NOT NULL,
    fridge_c DECIMAL(4,1) NOT NULL,
    discard_due_at DATETIME(3) NOT NULL,
    discarded_at DATETIME(3) NULL,
    discarded_by CHAR(36) NULL,
    discard_note VARCHAR(120) NOT NULL DEFAULT '',
    UNIQUE KEY uq_retained_sample_batch (batch_id),
    KEY ix_retained_sample_due (kitchen_id, discarded_at, discard_due_at),
    CONSTRAINT ck_retained_sample CHECK (grams > 0),
    CONSTRAINT fk_retained_sample_batch FOREIGN KEY (batch_id) REFERENCES kitchen_batch (id)
  )`,
  // Portions of a load's set meal by the batch of each of its dishes: for every dish they sum to what was sent.
  `CREATE TABLE load_batch (
    load_id CHAR(36) NOT NULL,
    set_meal_id CHAR(36) NOT NULL,
    batch_id CHAR(36) NOT NULL,
    portions INT NOT NULL,
    PRIMARY KEY (load_id, set_meal_id, batch_id),
    KEY ix_load_batch_batch (batch_id),
    CONSTRAINT ck_load_batch CHECK (portions > 0),
    CONSTRAINT fk_load_batch_load FOREIGN KEY (load_id) REFERENCES portion_load (id),
    CONSTRAINT fk_load_batch_batch FOREIGN KEY (batch_id) REFERENCES kitchen_batch (id)
  )`,
];
