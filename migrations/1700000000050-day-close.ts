import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The close of a point's day with its two signatures, portions passed between points or given free, late lines, the
 * paper fallback, contractors' bills and advances. point_day_act, portion_gift and contractor_payable are append-only.
 */
export class DayClose1700000000050 implements MigrationInterface {
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
    await queryRunner.query('ALTER TABLE meal DROP COLUMN tender');
    await queryRunner.query(
      `ALTER TABLE portion_stock DROP CONSTRAINT ck_portion_stock, DROP COLUMN left_portions`,
    );
    await queryRunner.query(
      `ALTER TABLE portion_stock DROP COLUMN given_free, DROP COLUMN transferred_in, DROP COLUMN transferred_out,
         ADD CONSTRAINT ck_portion_stock CHECK (served >= 0 AND collected >= 0 AND wasted >= 0 AND served + collected + wasted <= accepted)`,
    );
  }
}

const APPEND_ONLY = ['point_day_act', 'portion_gift', 'contractor_payable'];

const TABLES = [
  'portion_transfer', 'portion_gift', 'closing_setting', 'point_day_close', 'point_day_act', 'late_line', 'paper_list', 'paper_line',
  'contractor_rate', 'contractor_bill', 'contractor_bill_line', 'contractor_payable', 'contractor_objection', 'advance_request', 'advance_day',
];

const UP = [
  // What came from another point stands beside what the kitchen sent; left_portions is the one place of the arithmetic.
  `ALTER TABLE portion_stock
     ADD COLUMN given_free INT NOT NULL DEFAULT 0,
     ADD COLUMN transferred_in INT NOT NULL DEFAULT 0,
     ADD COLUMN transferred_out INT NOT NULL DEFAULT 0,
     DROP CONSTRAINT ck_portion_stock`,
  `ALTER TABLE portion_stock
     ADD COLUMN left_portions INT AS (accepted + transferred_in - served - collected - wasted - given_free - transferred_out) VIRTUAL,
     ADD CONSTRAINT ck_portion_stock CHECK (served >= 0 AND collected >= 0 AND wasted >= 0 AND given_free >= 0 AND transferred_out >= 0
       AND served + collected + wasted + given_free + transferred_out <= accepted + transferred_in)`,
  // How the diner's own part was paid, as the seller noted it: the count of money that does not come from the ledger.
  // NULL on meals sold before this column: there the ledger is the only witness.
  'ALTER TABLE meal ADD COLUMN tender VARCHAR(10) NULL',
  // state: sent | accepted | taken-back. In transit while sent: out of the sender's portions, not yet in the receiver's.
  `CREATE TABLE portion_transfer (
    id CHAR(36) NOT NULL PRIMARY KEY,
    from_point_id CHAR(36) NOT NULL,
    to_point_id CHAR(36) NOT NULL,
    set_meal_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    portions INT NOT NULL,
    state VARCHAR(10) NOT NULL,
    sent_by CHAR(36) NOT NULL,
    sent_at DATETIME(3) NOT NULL,
    accepted INT NULL,
    ended_by CHAR(36) NULL,
    ended_at DATETIME(3) NULL,
    note VARCHAR(120) NOT NULL DEFAULT '',
    KEY ix_portion_transfer_from (from_point_id, business_day),
    KEY ix_portion_transfer_to (to_point_id, business_day),
    CONSTRAINT ck_portion_transfer CHECK (portions > 0 AND from_point_id <> to_point_id AND (accepted IS NULL OR (accepted >= 0 AND accepted <= portions))),
    CONSTRAINT fk_portion_transfer_from FOREIGN KEY (from_point_id) REFERENCES point (id),
    CONSTRAINT fk_portion_transfer_to FOREIGN KEY (to_point_id) REFERENCES point (id)
  )`,
  // Portions that left without a price. reason: tasting | staff-meal | volunteer | hardship | replacement.
  `CREATE TABLE portion_gift (
    id CHAR(36) NOT NULL PRIMARY KEY,
    point_id CHAR(36) NOT NULL,
    set_meal_id CHAR(36) NOT NULL,
    portions INT NOT NULL,
    reason VARCHAR(20) NOT NULL,
    note VARCHAR(120) NOT NULL DEFAULT '',
    given_by CHAR(36) NOT NULL,
    given_at DATETIME(3) NOT NULL,
    KEY ix_portion_gift_stock (point_id, set_meal_id),
    CONSTRAINT ck_portion_gift CHECK (portions > 0),
    CONSTRAINT fk_portion_gift_stock FOREIGN KEY (point_id, set_meal_id) REFERENCES portion_stock (point_id, set_meal_id)
  )`,
  // closing_from: the first day that must be closed; earlier days are "before the system".
  `CREATE TABLE closing_setting (
    street_id CHAR(36) NOT NULL PRIMARY KEY,
    closing_from DATE NOT NULL,
    settings JSON NOT NULL,
    changed_by CHAR(36) NULL,
    changed_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_closing_setting_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  `INSERT INTO closing_setting (street_id, closing_from, settings, changed_at)
     SELECT id, DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR), '{}', UTC_TIMESTAMP(3) FROM street`,
  // One row per point and day from the first signature on; state: signed | closed | no-service. While a row stands, the
  // day takes nothing any more. Sending back removes the row; point_day_act remembers.
  `CREATE TABLE point_day_close (
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    operator_id CHAR(36) NOT NULL,
    state VARCHAR(10) NOT NULL,
    digest CHAR(64) NOT NULL,
    counts JSON NOT NULL,
    accepted_portions INT NOT NULL,
    wasted_portions INT NOT NULL,
    meals INT NOT NULL,
    gross_fen BIGINT NOT NULL,
    due_fen BIGINT NOT NULL,
    subsidy_fen BIGINT NOT NULL,
    expected_cash_fen BIGINT NOT NULL,
    counted_cash_fen BIGINT NOT NULL,
    cash_reason VARCHAR(120) NOT NULL DEFAULT '',
    open_stops INT NOT NULL DEFAULT 0,
    open_stops_reason VARCHAR(120) NOT NULL DEFAULT '',
    root_day DATE NULL,
    root_hash CHAR(64) NULL,
    first_by CHAR(36) NULL,
    first_at DATETIME(3) NOT NULL,
    second_by CHAR(36) NULL,
    second_at DATETIME(3) NULL,
    PRIMARY KEY (point_id, business_day),
    KEY ix_point_day_close_day (business_day, state),
    KEY ix_point_day_close_operator (operator_id, business_day),
    CONSTRAINT ck_point_day_close CHECK (first_by IS NULL OR second_by IS NULL OR first_by <> second_by),
    CONSTRAINT fk_point_day_close_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  // act: signed | closed | sent-back | no-service.
  `CREATE TABLE point_day_act (
    id CHAR(36) NOT NULL PRIMARY KEY,
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    act VARCHAR(12) NOT NULL,
    digest CHAR(64) NOT NULL,
    note VARCHAR(120) NOT NULL DEFAULT '',
    staff_id CHAR(36) NULL,
    at DATETIME(3) NOT NULL,
    KEY ix_point_day_act (point_id, business_day)
  )`,
  // What reached the system after its day was closed: held until it is booked on a day that is open. kind: stop | paper.
  // state: held | booked | refused. meal_day prices it; booked_on is the business day its meal counts on.
  `CREATE TABLE late_line (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kind VARCHAR(8) NOT NULL,
    source_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    meal_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    senior_id CHAR(36) NOT NULL,
    set_meal_id CHAR(36) NOT NULL,
    channel VARCHAR(10) NOT NULL,
    tender VARCHAR(10) NOT NULL,
    identification JSON NOT NULL,
    recorded_by CHAR(36) NOT NULL,
    state VARCHAR(8) NOT NULL,
    refusal VARCHAR(40) NULL,
    held_at DATETIME(3) NOT NULL,
    booked_on DATE NULL,
    booked_at DATETIME(3) NULL,
    meal_id CHAR(36) NULL,
    UNIQUE KEY uq_late_line_source (kind, source_id),
    UNIQUE KEY uq_late_line_meal (meal_id),
    KEY ix_late_line_state (state, point_id),
    CONSTRAINT fk_late_line_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  // A printed list of a point, day and period. entry: none | entered.
  `CREATE TABLE paper_list (
    id CHAR(36) NOT NULL PRIMARY KEY,
    list_no VARCHAR(24) NOT NULL,
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    set_meal_id CHAR(36) NOT NULL,
    printed_by CHAR(36) NOT NULL,
    printed_at DATETIME(3) NOT NULL,
    enter_before DATETIME(3) NOT NULL,
    entered_by CHAR(36) NULL,
    entered_at DATETIME(3) NULL,
    entry_reason VARCHAR(120) NOT NULL DEFAULT '',
    UNIQUE KEY uq_paper_list_no (list_no),
    KEY ix_paper_list_day (point_id, business_day),
    CONSTRAINT fk_paper_list_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  // outcome: open | waiting (a second person decides) | posted | late | duplicate | refused.
  // tick: what the paper says, wallet | cash | qr. check_outcome of sampled lines: confirmed | denied | not-reached.
  `CREATE TABLE paper_line (
    id CHAR(36) NOT NULL PRIMARY KEY,
    list_id CHAR(36) NOT NULL,
    line_no SMALLINT NOT NULL,
    senior_id CHAR(36) NULL,
    due_fen BIGINT NULL,
    outcome VARCHAR(10) NOT NULL DEFAULT 'open',
    code VARCHAR(40) NULL,
    tick VARCHAR(8) NULL,
    meal_id CHAR(36) NULL,
    twin_meal_id CHAR(36) NULL,
    entered_by CHAR(36) NULL,
    entered_at DATETIME(3) NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    sampled TINYINT(1) NOT NULL DEFAULT 0,
    check_outcome VARCHAR(12) NULL,
    check_note VARCHAR(120) NULL,
    checked_by CHAR(36) NULL,
    checked_at DATETIME(3) NULL,
    UNIQUE KEY uq_paper_line (list_id, line_no),
    KEY ix_paper_line_outcome (outcome),
    CONSTRAINT ck_paper_line CHECK (checked_by IS NULL OR checked_by <> entered_by),
    CONSTRAINT fk_paper_line_list FOREIGN KEY (list_id) REFERENCES paper_list (id)
  )`,
  // What an operator is paid for one delivered stop, from a day on; the newest row on or before the day holds.
  `CREATE TABLE contractor_rate (
    operator_id CHAR(36) NOT NULL,
    valid_from DATE NOT NULL,
    per_stop_fen BIGINT NOT NULL,
    source_document VARCHAR(200) NOT NULL,
    set_by CHAR(36) NOT NULL,
    set_at DATETIME(3) NOT NULL,
    PRIMARY KEY (operator_id, valid_from),
    CONSTRAINT ck_contractor_rate CHECK (per_stop_fen > 0),
    CONSTRAINT fk_contractor_rate_operator FOREIGN KEY (operator_id) REFERENCES operator (id)
  )`,
  // state: matched (waits for the street) | decided. Amounts in fen.
  `CREATE TABLE contractor_bill (
    id CHAR(36) NOT NULL PRIMARY KEY,
    operator_id CHAR(36) NOT NULL,
    invoice_no VARCHAR(40) NOT NULL,
    file_hash CHAR(64) NOT NULL,
    file_name VARCHAR(120) NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    state VARCHAR(10) NOT NULL,
    billed_fen BIGINT NOT NULL,
    agreed_fen BIGINT NOT NULL,
    uploaded_by CHAR(36) NOT NULL,
    uploaded_at DATETIME(3) NOT NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    UNIQUE KEY uq_contractor_bill_invoice (operator_id, invoice_no),
    UNIQUE KEY uq_contractor_bill_file (file_hash),
    CONSTRAINT ck_contractor_bill CHECK (decided_by IS NULL OR decided_by <> uploaded_by),
    CONSTRAINT fk_contractor_bill_operator FOREIGN KEY (operator_id) REFERENCES operator (id)
  )`,
  // line_no is NULL for a delivered stop that the bill does not name. finding: agreed | not-delivered | amount-differs |
  // duplicate | after-end | unknown | no-rate | not-billed. state: matched | payable | returned.
  `CREATE TABLE contractor_bill_line (
    id CHAR(36) NOT NULL PRIMARY KEY,
    bill_id CHAR(36) NOT NULL,
    line_no INT NULL,
    business_day DATE NOT NULL,
    said VARCHAR(60) NOT NULL,
    billed_fen BIGINT NOT NULL,
    expected_fen BIGINT NULL,
    route_stop_id CHAR(36) NULL,
    senior_id CHAR(36) NULL,
    finding VARCHAR(16) NOT NULL,
    state VARCHAR(10) NOT NULL,
    returned_at DATETIME(3) NULL,
    KEY ix_contractor_bill_line (bill_id, line_no),
    KEY ix_contractor_bill_line_stop (route_stop_id),
    CONSTRAINT fk_contractor_bill_line_bill FOREIGN KEY (bill_id) REFERENCES contractor_bill (id)
  )`,
  // One row per stop that the street agreed to pay; the key on the stop lets it be paid once, whatever bills say.
  `CREATE TABLE contractor_payable (
    route_stop_id CHAR(36) NOT NULL PRIMARY KEY,
    operator_id CHAR(36) NOT NULL,
    bill_line_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    amount_fen BIGINT NOT NULL,
    agreed_on DATE NOT NULL,
    agreed_by CHAR(36) NOT NULL,
    agreed_at DATETIME(3) NOT NULL,
    KEY ix_contractor_payable_operator (operator_id, agreed_on)
  )`,
  // outcome: upheld | rejected, NULL until answered.
  `CREATE TABLE contractor_objection (
    id CHAR(36) NOT NULL PRIMARY KEY,
    operator_id CHAR(36) NOT NULL,
    route_stop_id CHAR(36) NULL,
    bill_line_id CHAR(36) NULL,
    business_day DATE NOT NULL,
    text VARCHAR(300) NOT NULL,
    raised_by CHAR(36) NOT NULL,
    raised_at DATETIME(3) NOT NULL,
    outcome VARCHAR(10) NULL,
    answer VARCHAR(300) NULL,
    answered_by CHAR(36) NULL,
    answered_at DATETIME(3) NULL,
    UNIQUE KEY uq_contractor_objection_stop (route_stop_id),
    UNIQUE KEY uq_contractor_objection_line (bill_line_id),
    KEY ix_contractor_objection_operator (operator_id, business_day),
    CONSTRAINT fk_contractor_objection_operator FOREIGN KEY (operator_id) REFERENCES operator (id)
  )`,
  // state: asked | once-approved | approved | refused | deducted. base_fen: subsidy of the days it rests on.
  `CREATE TABLE advance_request (
    id CHAR(36) NOT NULL PRIMARY KEY,
    operator_id CHAR(36) NOT NULL,
    street_id CHAR(36) NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    base_fen BIGINT NOT NULL,
    share_percent SMALLINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    reason VARCHAR(200) NOT NULL,
    state VARCHAR(14) NOT NULL,
    asked_by CHAR(36) NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    first_by CHAR(36) NULL,
    first_at DATETIME(3) NULL,
    second_by CHAR(36) NULL,
    second_at DATETIME(3) NULL,
    refusal VARCHAR(200) NULL,
    deducted_in CHAR(7) NULL,
    deducted_at DATETIME(3) NULL,
    KEY ix_advance_request_operator (operator_id, state),
    CONSTRAINT ck_advance_request CHECK (amount_fen > 0 AND amount_fen * 100 <= base_fen * share_percent
      AND (first_by IS NULL OR first_by <> asked_by) AND (second_by IS NULL OR (second_by <> asked_by AND second_by <> first_by))),
    CONSTRAINT fk_advance_request_operator FOREIGN KEY (operator_id) REFERENCES operator (id)
  )`,
  // The closed days an advance rests on. active is NULL once the request was refused: a day carries one advance.
  `CREATE TABLE advance_day (
    advance_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    subsidy_fen BIGINT NOT NULL,
    active TINYINT(1) NULL,
    PRIMARY KEY (advance_id, point_id, business_day),
    UNIQUE KEY uq_advance_day (point_id, business_day, active),
    CONSTRAINT fk_advance_day_request FOREIGN KEY (advance_id) REFERENCES advance_request (id)
  )`,
];
