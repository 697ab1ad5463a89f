import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Volunteers with what they claimed, and days on which people do not come because of the weather. */
export class VolunteersAndStorms1700000000223 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.slice().reverse()) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = ['volunteer', 'volunteer_task', 'volunteer_claim', 'storm_decision', 'storm_point', 'storm_order'];

const UP = [
  // A volunteer rides as a crew of one of kind volunteer; consent_version says which text was agreed to.
  `CREATE TABLE volunteer (
    crew_id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    community_id CHAR(36) NOT NULL,
    name_cipher VARCHAR(255) NOT NULL,
    phone_cipher VARCHAR(255) NOT NULL,
    latitude DOUBLE NOT NULL,
    longitude DOUBLE NOT NULL,
    consent_version VARCHAR(20) NOT NULL,
    consented_at DATETIME(3) NOT NULL,
    registered_by CHAR(36) NOT NULL,
    left_at DATETIME(3) NULL,
    KEY ix_volunteer_street (street_id),
    CONSTRAINT fk_volunteer_crew FOREIGN KEY (crew_id) REFERENCES crew (id)
  )`,
  // A trip offered as a card: area, minutes and stairs, nobody's name.
  `CREATE TABLE volunteer_task (
    id CHAR(36) NOT NULL PRIMARY KEY,
    route_trip_id CHAR(36) NOT NULL,
    street_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    offered_by CHAR(36) NOT NULL,
    offered_at DATETIME(3) NOT NULL,
    usual_crew_id CHAR(36) NOT NULL,
    withdrawn_at DATETIME(3) NULL,
    UNIQUE KEY uq_volunteer_task_trip (route_trip_id),
    KEY ix_volunteer_task_street (street_id, business_day)
  )`,
  // One standing claim a task: standing is 1 while it holds and NULL once given back, so the first claim wins.
  `CREATE TABLE volunteer_claim (
    id CHAR(36) NOT NULL PRIMARY KEY,
    task_id CHAR(36) NOT NULL,
    crew_id CHAR(36) NOT NULL,
    claimed_at DATETIME(3) NOT NULL,
    standing TINYINT(1) NULL,
    ended_at DATETIME(3) NULL,
    ended VARCHAR(10) NULL,
    UNIQUE KEY uq_volunteer_claim (task_id, standing),
    CONSTRAINT fk_volunteer_claim_task FOREIGN KEY (task_id) REFERENCES volunteer_task (id)
  )`,
  `CREATE TABLE storm_decision (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    decided_by CHAR(36) NOT NULL,
    decided_at DATETIME(3) NOT NULL,
    undone_by CHAR(36) NULL,
    undone_at DATETIME(3) NULL,
    KEY ix_storm_decision_day (business_day, period)
  )`,
  `CREATE TABLE storm_point (
    storm_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    PRIMARY KEY (storm_id, point_id),
    CONSTRAINT fk_storm_point_storm FOREIGN KEY (storm_id) REFERENCES storm_decision (id)
  )`,
  // Each order that the storm turned into a delivery, so that it can be turned back.
  `CREATE TABLE storm_order (
    meal_order_id CHAR(36) NOT NULL PRIMARY KEY,
    storm_id CHAR(36) NOT NULL,
    turned_at DATETIME(3) NOT NULL,
    turned_back_at DATETIME(3) NULL,
    KEY ix_storm_order_storm (storm_id),
    CONSTRAINT fk_storm_order_order FOREIGN KEY (meal_order_id) REFERENCES meal_order (id)
  )`,
];
