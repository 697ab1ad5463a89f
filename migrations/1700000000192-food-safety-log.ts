import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The log of food safety: records, certificates, checks, inspections, probes with their readings; waste by weight; seats
 * of a point. safety_record, safety_check and weighed_waste are append-only.
 */
export class FoodSafetyLog1700000000192 implements MigrationInterface {
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
  }
}

const APPEND_ONLY = ['safety_record', 'safety_check', 'weighed_waste'];
const TABLES = ['safety_record', 'health_certificate', 'safety_check', 'inspection', 'probe', 'probe_reading', 'weighed_waste', 'point_seat'];

const UP = [
  // kind: health | holding | cooling | transport | disinfection | opening. passed is judged when it is recorded. point_id: NULL is the kitchen.
  `CREATE TABLE safety_record (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    point_id CHAR(36) NULL,
    business_day DATE NOT NULL,
    kind VARCHAR(12) NOT NULL,
    subject VARCHAR(60) NOT NULL,
    celsius DECIMAL(4,1) NULL,
    minutes INT NULL,
    passed TINYINT(1) NOT NULL,
    note VARCHAR(120) NOT NULL DEFAULT '',
    recorded_by CHAR(36) NOT NULL,
    recorded_at DATETIME(3) NOT NULL,
    KEY ix_safety_record_day (kitchen_id, business_day),
    CONSTRAINT fk_safety_record_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  `CREATE TABLE health_certificate (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    person VARCHAR(40) NOT NULL,
    number VARCHAR(40) NOT NULL,
    valid_to DATE NOT NULL,
    updated_by CHAR(36) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_health_certificate_person (kitchen_id, person),
    CONSTRAINT fk_health_certificate_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // kind: daily | weekly | monthly. of_day: the day, the Monday of the week, the first of the month. An empty finding is the "nothing found" report.
  `CREATE TABLE safety_check (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    of_day DATE NOT NULL,
    finding VARCHAR(400) NOT NULL,
    measures VARCHAR(400) NOT NULL,
    signed_by CHAR(36) NOT NULL,
    signed_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_safety_check (kitchen_id, kind, of_day),
    CONSTRAINT fk_safety_check_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  `CREATE TABLE inspection (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    point_id CHAR(36) NULL,
    place VARCHAR(60) NOT NULL,
    finding VARCHAR(200) NOT NULL,
    photo MEDIUMBLOB NULL,
    due_on DATE NOT NULL,
    state VARCHAR(6) NOT NULL,
    opened_by CHAR(36) NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    closure VARCHAR(200) NOT NULL DEFAULT '',
    closed_by CHAR(36) NULL,
    closed_at DATETIME(3) NULL,
    KEY ix_inspection_kitchen (kitchen_id, state, due_on),
    CONSTRAINT fk_inspection_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // A probe reports with a key of its own, kept as its digest.
  `CREATE TABLE probe (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    name VARCHAR(40) NOT NULL,
    from_c DECIMAL(4,1) NOT NULL,
    to_c DECIMAL(4,1) NOT NULL,
    tolerated_min INT NOT NULL,
    key_hash CHAR(64) NOT NULL,
    last_at DATETIME(3) NULL,
    last_c DECIMAL(4,1) NULL,
    alarm_since DATETIME(3) NULL,
    UNIQUE KEY uq_probe_key (key_hash),
    UNIQUE KEY uq_probe_name (kitchen_id, name),
    CONSTRAINT fk_probe_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  `CREATE TABLE probe_reading (
    probe_id CHAR(36) NOT NULL,
    at DATETIME(3) NOT NULL,
    celsius DECIMAL(4,1) NOT NULL,
    PRIMARY KEY (probe_id, at),
    CONSTRAINT fk_probe_reading_probe FOREIGN KEY (probe_id) REFERENCES probe (id)
  )`,
  // kind: preparation | unserved | plates. grams is signed: a wrong weighing is taken back by another row.
  `CREATE TABLE weighed_waste (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    point_id CHAR(36) NULL,
    business_day DATE NOT NULL,
    kind VARCHAR(12) NOT NULL,
    grams INT NOT NULL,
    note VARCHAR(120) NOT NULL DEFAULT '',
    weighed_by CHAR(36) NOT NULL,
    weighed_at DATETIME(3) NOT NULL,
    KEY ix_weighed_waste_day (kitchen_id, business_day),
    CONSTRAINT fk_weighed_waste_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  `CREATE TABLE point_seat (
    point_id CHAR(36) NOT NULL PRIMARY KEY,
    seats INT NOT NULL,
    stay_min INT NOT NULL,
    set_by CHAR(36) NOT NULL,
    set_at DATETIME(3) NOT NULL,
    CONSTRAINT ck_point_seat CHECK (seats >= 0 AND stay_min > 0),
    CONSTRAINT fk_point_seat_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
];
