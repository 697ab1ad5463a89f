import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ladders for people who do not answer, alarms and changed conditions, the welfare calls of a day, and who may be asked. */
export class NobodyForgotten1700000000221 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.slice().reverse()) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = ['care_person', 'absence_opt_in', 'absence_check', 'care_ladder', 'care_step', 'care_note', 'care_alert', 'welfare_list', 'welfare_call'];

const UP = [
  // Whom a ladder may ask beside the contacts of the register. role: neighbour (of a senior) | grid-worker | community (of a community).
  `CREATE TABLE care_person (
    id CHAR(36) NOT NULL PRIMARY KEY,
    scope_kind VARCHAR(10) NOT NULL,
    scope_id CHAR(36) NOT NULL,
    role VARCHAR(12) NOT NULL,
    name_cipher VARCHAR(255) NOT NULL,
    phone_cipher VARCHAR(255) NOT NULL,
    set_by CHAR(36) NOT NULL,
    set_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_care_person (scope_kind, scope_id, role)
  )`,
  // Only whoever said yes is asked after when a usual meal at the point is not taken.
  `CREATE TABLE absence_opt_in (
    senior_id CHAR(36) NOT NULL PRIMARY KEY,
    since DATETIME(3) NOT NULL,
    recorded_by CHAR(36) NOT NULL,
    withdrawn_at DATETIME(3) NULL,
    CONSTRAINT fk_absence_opt_in_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  `CREATE TABLE absence_check (
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    checked_at DATETIME(3) NOT NULL,
    opened INT NOT NULL,
    PRIMARY KEY (point_id, business_day, period)
  )`,
  // kind: door | absence. step is where it stands; ended_at and outcome are filled together, by a person, never by a timer.
  `CREATE TABLE care_ladder (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kind VARCHAR(8) NOT NULL,
    route_stop_id CHAR(36) NULL,
    senior_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    street_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    step VARCHAR(20) NOT NULL,
    step_no SMALLINT NOT NULL,
    due_at DATETIME(3) NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    outcome VARCHAR(16) NULL,
    ended_by CHAR(36) NULL,
    note VARCHAR(200) NOT NULL DEFAULT '',
    UNIQUE KEY uq_care_ladder (senior_id, business_day, period, kind),
    KEY ix_care_ladder_open (ended_at, due_at),
    KEY ix_care_ladder_stop (route_stop_id),
    CONSTRAINT ck_care_ladder CHECK ((ended_at IS NULL) = (outcome IS NULL))
  )`,
  // result: timed-out | tried | reached. device_at is the phone's own time, ended_at the server's.
  `CREATE TABLE care_step (
    id CHAR(36) NOT NULL PRIMARY KEY,
    ladder_id CHAR(36) NOT NULL,
    step_no SMALLINT NOT NULL,
    step VARCHAR(20) NOT NULL,
    started_at DATETIME(3) NOT NULL,
    due_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    result VARCHAR(10) NULL,
    recorded_by CHAR(36) NULL,
    device_at DATETIME(3) NULL,
    note VARCHAR(200) NOT NULL DEFAULT '',
    UNIQUE KEY uq_care_step (ladder_id, step_no),
    CONSTRAINT fk_care_step_ladder FOREIGN KEY (ladder_id) REFERENCES care_ladder (id)
  )`,
  // The id is made on the phone, so a repeat is the same note. level: usual | different | worried.
  `CREATE TABLE care_note (
    id CHAR(36) NOT NULL PRIMARY KEY,
    route_stop_id CHAR(36) NOT NULL,
    senior_id CHAR(36) NOT NULL,
    level VARCHAR(10) NOT NULL,
    signs VARCHAR(120) NOT NULL,
    device_at DATETIME(3) NOT NULL,
    recorded_at DATETIME(3) NOT NULL,
    recorded_by CHAR(36) NOT NULL,
    KEY ix_care_note_stop (route_stop_id)
  )`,
  // kind: alarm | condition. The id of an alarm is made on the phone. It repeats until somebody takes it.
  `CREATE TABLE care_alert (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kind VARCHAR(10) NOT NULL,
    route_stop_id CHAR(36) NULL,
    senior_id CHAR(36) NULL,
    point_id CHAR(36) NULL,
    street_id CHAR(36) NOT NULL,
    crew_id CHAR(36) NULL,
    signs VARCHAR(120) NOT NULL DEFAULT '',
    latitude DOUBLE NULL,
    longitude DOUBLE NULL,
    device_at DATETIME(3) NOT NULL,
    raised_at DATETIME(3) NOT NULL,
    raised_by CHAR(36) NOT NULL,
    reminders SMALLINT NOT NULL DEFAULT 0,
    remind_at DATETIME(3) NOT NULL,
    taken_by CHAR(36) NULL,
    taken_at DATETIME(3) NULL,
    closed_by CHAR(36) NULL,
    closed_at DATETIME(3) NULL,
    note VARCHAR(200) NOT NULL DEFAULT '',
    KEY ix_care_alert_open (taken_at, remind_at),
    KEY ix_care_alert_street (street_id, raised_at)
  )`,
  `CREATE TABLE welfare_list (
    street_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    built_at DATETIME(3) NOT NULL,
    PRIMARY KEY (street_id, business_day)
  )`,
  // cause: ladder-open | not-handed-over | worried. result: well | unwell | not-reached.
  `CREATE TABLE welfare_call (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    senior_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    cause VARCHAR(16) NOT NULL,
    result VARCHAR(12) NULL,
    note VARCHAR(200) NOT NULL DEFAULT '',
    called_by CHAR(36) NULL,
    called_at DATETIME(3) NULL,
    UNIQUE KEY uq_welfare_call (business_day, senior_id),
    KEY ix_welfare_call_street (street_id, business_day)
  )`,
];
