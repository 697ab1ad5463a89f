import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who works here and where: staff, sessions, the street with its communities, points, operators, kitchen, roads. */
export class PeopleAndPlaces1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.slice().reverse()) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  'street', 'community', 'operator', 'kitchen', 'point', 'meal_service', 'road_graph',
  'staff', 'staff_session', 'login_delay', 'first_admin_code', 'audit_line', 'installation_fact',
];

const UP = [
  // Ids, codes and hashes compare by byte; Chinese names need four-byte characters.
  `ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE street (
    id CHAR(36) NOT NULL PRIMARY KEY,
    name VARCHAR(60) NOT NULL,
    jurisdiction_code VARCHAR(12) NOT NULL,
    is_demo TINYINT(1) NOT NULL DEFAULT 0
  )`,
  `CREATE TABLE community (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    name VARCHAR(60) NOT NULL,
    CONSTRAINT fk_community_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  `CREATE TABLE operator (
    id CHAR(36) NOT NULL PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    contract_no VARCHAR(40) NOT NULL,
    contract_from DATE NOT NULL,
    contract_to DATE NOT NULL,
    licence_no VARCHAR(40) NOT NULL,
    licence_valid_to DATE NOT NULL,
    bank_account_name VARCHAR(80) NOT NULL
  )`,
  `CREATE TABLE kitchen (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    name VARCHAR(60) NOT NULL,
    latitude DOUBLE NOT NULL,
    longitude DOUBLE NOT NULL,
    CONSTRAINT fk_kitchen_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // Coordinates are WGS-84 everywhere inside; conversion happens at the edges only.
  `CREATE TABLE point (
    id CHAR(36) NOT NULL PRIMARY KEY,
    community_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    kitchen_id CHAR(36) NOT NULL,
    code VARCHAR(10) NOT NULL,
    name VARCHAR(60) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    open_to_public TINYINT(1) NOT NULL DEFAULT 0,
    latitude DOUBLE NOT NULL,
    longitude DOUBLE NOT NULL,
    phone VARCHAR(20) NOT NULL,
    UNIQUE KEY uq_point_code (code),
    CONSTRAINT fk_point_community FOREIGN KEY (community_id) REFERENCES community (id),
    CONSTRAINT fk_point_operator FOREIGN KEY (operator_id) REFERENCES operator (id),
    CONSTRAINT fk_point_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // Minutes since midnight in Asia/Shanghai. cutoff_day_offset -1 with cutoff_min 960: the day before at 16:00.
  `CREATE TABLE meal_service (
    point_id CHAR(36) NOT NULL,
    period VARCHAR(10) NOT NULL,
    start_min SMALLINT NOT NULL,
    end_min SMALLINT NOT NULL,
    cutoff_day_offset SMALLINT NOT NULL,
    cutoff_min SMALLINT NOT NULL,
    PRIMARY KEY (point_id, period),
    CONSTRAINT fk_meal_service_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  `CREATE TABLE road_graph (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    source VARCHAR(80) NOT NULL,
    graph LONGTEXT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_road_graph_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // scope_kind street | community | point | operator | kitchen | crew | senior; scope_id names the row it is limited to.
  `CREATE TABLE staff (
    id CHAR(36) NOT NULL PRIMARY KEY,
    login_name VARCHAR(40) NOT NULL,
    display_name VARCHAR(40) NOT NULL,
    password_hash VARCHAR(200) NOT NULL,
    role VARCHAR(20) NOT NULL,
    scope_kind VARCHAR(12) NOT NULL,
    scope_id CHAR(36) NOT NULL,
    active TINYINT(1) NOT NULL DEFAULT 1,
    is_demo TINYINT(1) NOT NULL DEFAULT 0,
    must_change_password TINYINT(1) NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_staff_login_name (login_name)
  )`,
  `CREATE TABLE staff_session (
    token_hash CHAR(64) NOT NULL PRIMARY KEY,
    staff_id CHAR(36) NOT NULL,
    csrf_token CHAR(43) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    last_seen_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    revoked_at DATETIME(3) NULL,
    KEY ix_staff_session_staff (staff_id),
    CONSTRAINT fk_staff_session_staff FOREIGN KEY (staff_id) REFERENCES staff (id)
  )`,
  // Failed sign-ins per keyed hash of account and address, address, or account; a row exists for unknown names as well.
  `CREATE TABLE login_delay (
    subject_hash CHAR(64) NOT NULL PRIMARY KEY,
    failures INT NOT NULL DEFAULT 0,
    not_before DATETIME(3) NOT NULL,
    last_attempt_at DATETIME(3) NOT NULL,
    last_success_at DATETIME(3) NULL,
    KEY ix_login_delay_last_attempt (last_attempt_at)
  )`,
  `CREATE TABLE first_admin_code (
    code_hash CHAR(64) NOT NULL PRIMARY KEY,
    created_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    used_at DATETIME(3) NULL
  )`,
  `CREATE TABLE audit_line (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    at DATETIME(3) NOT NULL,
    actor_kind VARCHAR(10) NOT NULL,
    actor_id CHAR(36) NULL,
    action VARCHAR(60) NOT NULL,
    object_kind VARCHAR(30) NOT NULL,
    object_id VARCHAR(80) NULL,
    outcome VARCHAR(10) NOT NULL,
    request_id VARCHAR(40) NULL,
    detail JSON NULL,
    KEY ix_audit_line_at (at),
    KEY ix_audit_line_object (object_kind, object_id)
  )`,
  `CREATE TABLE installation_fact (
    name VARCHAR(40) NOT NULL PRIMARY KEY,
    value VARCHAR(200) NOT NULL
  )`,
];
