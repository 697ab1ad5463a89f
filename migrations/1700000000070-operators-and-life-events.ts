import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Papers of operators with their dates, life events of seniors with everything that follows from them, stays, lists that
 * were imported, merged persons. What happened is append-only (triggers); states that move on keep who moved them.
 */
export class OperatorsAndLifeEvents1700000000070 implements MigrationInterface {
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
    await queryRunner.query('ALTER TABLE point DROP COLUMN supply');
    await queryRunner.query('ALTER TABLE operator DROP COLUMN street_id');
  }
}

const TABLES = [
  'operator_paper', 'operator_paper_decision', 'life_event', 'life_event_effect', 'life_event_undo', 'senior_stay', 'claw_back',
  'wallet_release', 'person_merge', 'delivery_offer', 'seen_note', 'import_batch', 'import_line', 'special_senior_link',
];

const APPEND_ONLY = ['operator_paper', 'operator_paper_decision', 'life_event', 'life_event_effect', 'person_merge', 'seen_note', 'special_senior_link'];

const UP = [
  // Whose register an operator stands in; NULL only for one that serves no point yet and was written before this column.
  `ALTER TABLE operator ADD COLUMN street_id CHAR(36) NULL`,
  `UPDATE operator o SET o.street_id = (
     SELECT MIN(c.street_id) FROM point p JOIN community c ON c.id = p.community_id WHERE p.operator_id = o.id)`,
  // own: the street runs it; contracted: an operator runs it; supplier: its meals are ordered from a supplier.
  `ALTER TABLE point ADD COLUMN supply VARCHAR(12) NOT NULL DEFAULT 'contracted'`,
  // kind: contract | licence | bank-account. The first papers of an operator stand in its own row; every later one is
  // appended here and names what it replaces (a paper's id, or 'first-<kind>' for the one in the operator's row).
  `CREATE TABLE operator_paper (
    id CHAR(36) NOT NULL PRIMARY KEY,
    operator_id CHAR(36) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    number VARCHAR(40) NOT NULL,
    party_name VARCHAR(80) NOT NULL,
    account_cipher VARCHAR(255) NULL,
    account_hash CHAR(64) NULL,
    account_last4 CHAR(4) NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NULL,
    evidence VARCHAR(120) NOT NULL,
    replaces VARCHAR(36) NULL,
    recorded_by CHAR(36) NULL,
    recorded_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_operator_paper_replaces (operator_id, kind, replaces, id),
    KEY ix_operator_paper_operator (operator_id, kind, valid_from),
    KEY ix_operator_paper_account (account_hash),
    CONSTRAINT fk_operator_paper_operator FOREIGN KEY (operator_id) REFERENCES operator (id)
  )`,
  // A bank account counts only once a second person has approved it. outcome: approved | refused.
  `CREATE TABLE operator_paper_decision (
    paper_id CHAR(36) NOT NULL PRIMARY KEY,
    outcome VARCHAR(8) NOT NULL,
    decided_by CHAR(36) NOT NULL,
    note VARCHAR(120) NOT NULL DEFAULT '',
    decided_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_operator_paper_decision FOREIGN KEY (paper_id) REFERENCES operator_paper (id)
  )`,
  // from_day: the first day on which it holds; to_day: the first day on which it no longer does. once: what a daily
  // job may record only once for a person (birthday-90). reverses_id: a wrong report is taken back by another event.
  `CREATE TABLE life_event (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    from_day DATE NOT NULL,
    to_day DATE NULL,
    source VARCHAR(60) NOT NULL,
    evidence VARCHAR(120) NOT NULL,
    detail JSON NOT NULL,
    once VARCHAR(40) NULL,
    import_line_id CHAR(36) NULL,
    reverses_id CHAR(36) NULL,
    recorded_by CHAR(36) NULL,
    at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_life_event_once (senior_id, once),
    UNIQUE KEY uq_life_event_line (import_line_id),
    UNIQUE KEY uq_life_event_reverses (reverses_id),
    KEY ix_life_event_senior (senior_id, at),
    CONSTRAINT fk_life_event_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // What an event stopped or started, and what stood there before, so that a wrong report can be taken back.
  `CREATE TABLE life_event_effect (
    life_event_id CHAR(36) NOT NULL,
    consequence VARCHAR(16) NOT NULL,
    n INT NOT NULL,
    before_state JSON NOT NULL,
    PRIMARY KEY (life_event_id, consequence),
    CONSTRAINT fk_life_event_effect FOREIGN KEY (life_event_id) REFERENCES life_event (id)
  )`,
  // Asked for by one person, decided by another. open is 1 until it is decided and NULL afterwards.
  `CREATE TABLE life_event_undo (
    id CHAR(36) NOT NULL PRIMARY KEY,
    life_event_id CHAR(36) NOT NULL,
    reason VARCHAR(120) NOT NULL,
    asked_by CHAR(36) NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    open TINYINT(1) NULL,
    outcome VARCHAR(8) NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    UNIQUE KEY uq_life_event_undo_open (life_event_id, open),
    CONSTRAINT fk_life_event_undo FOREIGN KEY (life_event_id) REFERENCES life_event (id)
  )`,
  // kind: nursing-home | hospital. Half-open [from_day, to_day). active is NULL once the event was taken back.
  `CREATE TABLE senior_stay (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    from_day DATE NOT NULL,
    to_day DATE NULL,
    active TINYINT(1) NULL,
    KEY ix_senior_stay (senior_id, active, from_day),
    CONSTRAINT fk_senior_stay_event FOREIGN KEY (id) REFERENCES life_event (id),
    CONSTRAINT fk_senior_stay_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // A meal after an event, proposed by one person and taken back by another. The meal is the key: once, whatever else happens.
  `CREATE TABLE claw_back (
    meal_id CHAR(36) NOT NULL PRIMARY KEY,
    life_event_id CHAR(36) NOT NULL,
    state VARCHAR(10) NOT NULL,
    gross_fen BIGINT NOT NULL,
    subsidy_fen BIGINT NOT NULL,
    proposed_by CHAR(36) NOT NULL,
    proposed_at DATETIME(3) NOT NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    reason VARCHAR(120) NOT NULL DEFAULT '',
    transfer_id CHAR(36) NULL,
    booked_on DATE NULL,
    KEY ix_claw_back_event (life_event_id),
    KEY ix_claw_back_state (state),
    CONSTRAINT fk_claw_back_meal FOREIGN KEY (meal_id) REFERENCES meal (id),
    CONSTRAINT fk_claw_back_event FOREIGN KEY (life_event_id) REFERENCES life_event (id)
  )`,
  // state: freed (waits for payment) | paid | withdrawn. Who may be paid is sealed; own money only, never a subsidy.
  `CREATE TABLE wallet_release (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    life_event_id CHAR(36) NOT NULL,
    state VARCHAR(10) NOT NULL,
    open TINYINT(1) NULL,
    balance_fen BIGINT NOT NULL,
    payee_relation VARCHAR(20) NULL,
    payee_name_cipher VARCHAR(255) NULL,
    payee_phone_cipher VARCHAR(255) NULL,
    proof VARCHAR(120) NULL,
    recorded_by CHAR(36) NULL,
    recorded_at DATETIME(3) NOT NULL,
    payee_by CHAR(36) NULL,
    payee_at DATETIME(3) NULL,
    UNIQUE KEY uq_wallet_release_open (senior_id, open),
    CONSTRAINT fk_wallet_release_event FOREIGN KEY (life_event_id) REFERENCES life_event (id)
  )`,
  // senior_id was the same person as into_senior_id. Meals stay where they were; reports count the person once.
  `CREATE TABLE person_merge (
    senior_id CHAR(36) NOT NULL PRIMARY KEY,
    into_senior_id CHAR(36) NOT NULL,
    evidence VARCHAR(120) NOT NULL,
    detail JSON NOT NULL,
    merged_by CHAR(36) NOT NULL,
    at DATETIME(3) NOT NULL,
    KEY ix_person_merge_into (into_senior_id),
    CONSTRAINT fk_person_merge_senior FOREIGN KEY (senior_id) REFERENCES senior (id),
    CONSTRAINT fk_person_merge_into FOREIGN KEY (into_senior_id) REFERENCES senior (id)
  )`,
  // state: open | accepted | declined.
  `CREATE TABLE delivery_offer (
    life_event_id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    state VARCHAR(10) NOT NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    KEY ix_delivery_offer_state (state),
    CONSTRAINT fk_delivery_offer_event FOREIGN KEY (life_event_id) REFERENCES life_event (id),
    CONSTRAINT fk_delivery_offer_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // how: visited | phoned | family-says. A person's word that somebody is well, beside what service events show.
  `CREATE TABLE seen_note (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    seen_on DATE NOT NULL,
    how VARCHAR(12) NOT NULL,
    note VARCHAR(120) NOT NULL DEFAULT '',
    recorded_by CHAR(36) NOT NULL,
    at DATETIME(3) NOT NULL,
    KEY ix_seen_note_senior (senior_id, seen_on),
    CONSTRAINT fk_seen_note_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // kind: death | category. state: previewed | done | discarded. The same file cannot be imported twice (file_hash).
  `CREATE TABLE import_batch (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    kind VARCHAR(10) NOT NULL,
    file_name VARCHAR(120) NOT NULL,
    file_hash CHAR(64) NOT NULL,
    standing TINYINT(1) NULL,
    state VARCHAR(10) NOT NULL,
    uploaded_by CHAR(36) NOT NULL,
    uploaded_at DATETIME(3) NOT NULL,
    confirmed_by CHAR(36) NULL,
    confirmed_at DATETIME(3) NULL,
    UNIQUE KEY uq_import_batch_file (street_id, kind, file_hash, standing),
    CONSTRAINT fk_import_batch_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // state: ready | needs-person | problem | known | skipped | done | failed. row_cipher: the cells as read, sealed.
  `CREATE TABLE import_line (
    id CHAR(36) NOT NULL PRIMARY KEY,
    import_batch_id CHAR(36) NOT NULL,
    line_no INT NOT NULL,
    row_cipher TEXT NOT NULL,
    day DATE NULL,
    code VARCHAR(20) NULL,
    state VARCHAR(12) NOT NULL,
    problem VARCHAR(40) NULL,
    problem_column VARCHAR(20) NULL,
    matched_by VARCHAR(10) NULL,
    senior_id CHAR(36) NULL,
    candidates JSON NOT NULL,
    chosen_by CHAR(36) NULL,
    UNIQUE KEY uq_import_line (import_batch_id, line_no),
    CONSTRAINT fk_import_line_batch FOREIGN KEY (import_batch_id) REFERENCES import_batch (id)
  )`,
  // kind: renewal | appeal. Which earlier application this one follows.
  `CREATE TABLE special_senior_link (
    application_id CHAR(36) NOT NULL PRIMARY KEY,
    kind VARCHAR(8) NOT NULL,
    earlier_id CHAR(36) NOT NULL,
    KEY ix_special_senior_link_earlier (earlier_id),
    CONSTRAINT fk_special_senior_link_application FOREIGN KEY (application_id) REFERENCES senior_category (id),
    CONSTRAINT fk_special_senior_link_earlier FOREIGN KEY (earlier_id) REFERENCES senior_category (id)
  )`,
];
