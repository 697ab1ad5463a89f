import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a plan needs to know of crews and doors, what was decided for people on no trip, and trips that a dispatcher holds fast. */
export class DoorsCrewsAndCures1700000000220 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  // skill: lift-only (a cart that takes no stairs) | dialect | sign-language | two-people.
  `CREATE TABLE crew_skill (
    crew_id CHAR(36) NOT NULL,
    skill VARCHAR(20) NOT NULL,
    PRIMARY KEY (crew_id, skill),
    CONSTRAINT fk_crew_skill_crew FOREIGN KEY (crew_id) REFERENCES crew (id)
  )`,
  `CREATE TABLE crew_break (
    crew_id CHAR(36) NOT NULL,
    from_min SMALLINT NOT NULL,
    to_min SMALLINT NOT NULL,
    PRIMARY KEY (crew_id, from_min),
    CONSTRAINT ck_crew_break CHECK (from_min < to_min),
    CONSTRAINT fk_crew_break_crew FOREIGN KEY (crew_id) REFERENCES crew (id)
  )`,
  // A crew on a day that is not as usual. state: absent | lent (to the depot named).
  `CREATE TABLE crew_day (
    crew_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    state VARCHAR(8) NOT NULL,
    depot_kind VARCHAR(8) NULL,
    depot_id CHAR(36) NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NOT NULL,
    PRIMARY KEY (crew_id, business_day, period),
    KEY ix_crew_day_depot (depot_id, business_day, period),
    CONSTRAINT fk_crew_day_crew FOREIGN KEY (crew_id) REFERENCES crew (id)
  )`,
  // needs: codes with commas between them. known_crew_id: named by a person; without it the crew of the last weeks counts.
  `CREATE TABLE door_rule (
    senior_id CHAR(36) NOT NULL PRIMARY KEY,
    needs VARCHAR(120) NOT NULL,
    wheelchair TINYINT(1) NOT NULL,
    extra_s SMALLINT NOT NULL,
    known_crew_id CHAR(36) NULL,
    changed_by CHAR(36) NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_door_rule_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  `CREATE TABLE remembered_door (
    depot_id CHAR(36) NOT NULL,
    period VARCHAR(10) NOT NULL,
    senior_id CHAR(36) NOT NULL,
    rank_no SMALLINT NOT NULL,
    PRIMARY KEY (depot_id, period, senior_id),
    CONSTRAINT fk_remembered_door_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // kind: window-moved | crew-lent | by-hand | not-today. The last two settle the order, the first two ask for a new plan.
  `CREATE TABLE plan_cure (
    meal_order_id CHAR(36) NOT NULL PRIMARY KEY,
    kind VARCHAR(16) NOT NULL,
    earlier_min SMALLINT NOT NULL DEFAULT 0,
    later_min SMALLINT NOT NULL DEFAULT 0,
    crew_id CHAR(36) NULL,
    note VARCHAR(200) NOT NULL,
    decided_by CHAR(36) NOT NULL,
    decided_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_plan_cure_order FOREIGN KEY (meal_order_id) REFERENCES meal_order (id)
  )`,
  'ALTER TABLE unplanned_order ADD COLUMN binds VARCHAR(16) NULL, ADD COLUMN cure VARCHAR(200) NULL',
  // revision counts what a printed page says; printed_revision is what was last printed.
  `ALTER TABLE route_trip ADD COLUMN frozen_at DATETIME(3) NULL, ADD COLUMN revision SMALLINT NOT NULL DEFAULT 1,
     ADD COLUMN printed_revision SMALLINT NOT NULL DEFAULT 0`,
];

const DOWN = [
  'ALTER TABLE route_trip DROP COLUMN frozen_at, DROP COLUMN revision, DROP COLUMN printed_revision',
  'ALTER TABLE unplanned_order DROP COLUMN binds, DROP COLUMN cure',
  ...['plan_cure', 'remembered_door', 'door_rule', 'crew_day', 'crew_break', 'crew_skill'].map((table) => `DROP TABLE ${table}`),
];
