import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Findings of the exception checks with their rows, their history (append-only) and what a confirmed one asks to be
 * taken back; runs of the checks; what a street sets.
 */
export class Exceptions1700000000080 implements MigrationInterface {
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

const APPEND_ONLY = ['exception_evidence', 'exception_history'];

const TABLES = ['exception_scan', 'exception_setting', 'exception_finding', 'exception_evidence', 'exception_history', 'exception_claw_back'];

const UP = [
  // One row per run over a street's days. open is 1 while it waits or runs and NULL afterwards; once is the night it
  // belongs to, NULL for one that somebody asked for. Redis only carries the job.
  `CREATE TABLE exception_scan (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    from_day DATE NOT NULL,
    to_day DATE NOT NULL,
    once DATE NULL,
    open TINYINT(1) NULL,
    state VARCHAR(8) NOT NULL,
    read_to DATE NULL,
    meals INT NOT NULL DEFAULT 0,
    found_new INT NOT NULL DEFAULT 0,
    extended INT NOT NULL DEFAULT 0,
    requested_by CHAR(36) NULL,
    requested_at DATETIME(3) NOT NULL,
    started_at DATETIME(3) NULL,
    finished_at DATETIME(3) NULL,
    failure VARCHAR(60) NULL,
    UNIQUE KEY uq_exception_scan_once (street_id, once),
    UNIQUE KEY uq_exception_scan_open (street_id, open),
    KEY ix_exception_scan_street (street_id, requested_at),
    CONSTRAINT fk_exception_scan_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // What a street set; absent names keep the defaults of domain/exceptions.
  `CREATE TABLE exception_setting (
    street_id CHAR(36) NOT NULL PRIMARY KEY,
    settings JSON NOT NULL,
    changed_by CHAR(36) NULL,
    changed_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_exception_setting_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // identity names the matter (kind, who, where, when): found again, it is this row. state: open | in-work | explained |
  // confirmed | passed-on. Ids of things that may be gone or lie in other rooms carry no foreign key.
  `CREATE TABLE exception_finding (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    kind VARCHAR(30) NOT NULL,
    identity VARCHAR(200) NOT NULL,
    point_id CHAR(36) NULL,
    operator_id CHAR(36) NULL,
    senior_id CHAR(36) NULL,
    staff_id CHAR(36) NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    score SMALLINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    facts JSON NOT NULL,
    reason_zh VARCHAR(300) NOT NULL,
    reason_en VARCHAR(300) NOT NULL,
    state VARCHAR(10) NOT NULL,
    owner_id CHAR(36) NULL,
    due_day DATE NOT NULL,
    note VARCHAR(400) NOT NULL DEFAULT '',
    closed_by CHAR(36) NULL,
    closed_at DATETIME(3) NULL,
    found_at DATETIME(3) NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_exception_finding (street_id, identity),
    KEY ix_exception_finding_state (street_id, state, due_day),
    KEY ix_exception_finding_found (street_id, found_at),
    KEY ix_exception_finding_point (point_id, state),
    CONSTRAINT fk_exception_finding_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // ref_kind: meal | stop | bill-line | face-refusal | life-span | duty | change | account | day-count.
  `CREATE TABLE exception_evidence (
    finding_id CHAR(36) NOT NULL,
    ref_kind VARCHAR(12) NOT NULL,
    ref_id VARCHAR(80) NOT NULL,
    business_day DATE NOT NULL,
    at DATETIME(3) NULL,
    amount_fen BIGINT NOT NULL,
    added_at DATETIME(3) NOT NULL,
    PRIMARY KEY (finding_id, ref_kind, ref_id),
    KEY ix_exception_evidence_ref (ref_kind, ref_id),
    CONSTRAINT fk_exception_evidence_finding FOREIGN KEY (finding_id) REFERENCES exception_finding (id)
  )`,
  // act: found | extended | reopened | assigned | commented | closed.
  `CREATE TABLE exception_history (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    finding_id CHAR(36) NOT NULL,
    at DATETIME(3) NOT NULL,
    actor_id CHAR(36) NULL,
    act VARCHAR(10) NOT NULL,
    from_state VARCHAR(10) NULL,
    to_state VARCHAR(10) NOT NULL,
    owner_id CHAR(36) NULL,
    due_day DATE NULL,
    evidence_rows INT NULL,
    note VARCHAR(400) NOT NULL DEFAULT '',
    KEY ix_exception_history_finding (finding_id, id),
    CONSTRAINT fk_exception_history_finding FOREIGN KEY (finding_id) REFERENCES exception_finding (id)
  )`,
  // A meal of a confirmed finding that should be taken back: asked for by one person, decided by another. The meal is the
  // key, so that two findings never ask for it twice. state: asked | approved | refused. Money moves by payment's reversal alone.
  `CREATE TABLE exception_claw_back (
    id CHAR(36) NOT NULL PRIMARY KEY,
    finding_id CHAR(36) NOT NULL,
    meal_id CHAR(36) NOT NULL,
    amount_fen BIGINT NOT NULL,
    state VARCHAR(8) NOT NULL,
    asked_by CHAR(36) NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    note VARCHAR(400) NOT NULL DEFAULT '',
    UNIQUE KEY uq_exception_claw_back_meal (meal_id),
    KEY ix_exception_claw_back_finding (finding_id),
    KEY ix_exception_claw_back_state (state),
    CONSTRAINT ck_exception_claw_back CHECK (decided_by IS NULL OR decided_by <> asked_by),
    CONSTRAINT fk_exception_claw_back_finding FOREIGN KEY (finding_id) REFERENCES exception_finding (id),
    CONSTRAINT fk_exception_claw_back_meal FOREIGN KEY (meal_id) REFERENCES meal (id)
  )`,
];
