import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The roll-up of meals, month claims with their lines, acts and payments, and the performance goals of points.
 * A frozen claim and its lines refuse every change; acts and payments are append-only from the start.
 */
export class MonthClaims1700000000040 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...UP, ...TRIGGERS]) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.slice().reverse()) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  'meal_rollup', 'meal_rollup_month', 'meal_rollup_person', 'meal_rollup_late', 'meal_rollup_state',
  'month_claim', 'month_claim_line', 'month_claim_act', 'month_claim_payment', 'performance_goal',
];

const UP = [
  // Sums of sold (sign 1) and reversed (sign -1) meals by day of booking. line: meal | relief | operator-payment | tender;
  // party_code: the payer, or the account kind the diner paid from (tender), or '' (meal). meal_month is the month of the
  // meal itself: a reversal of an earlier month is told apart. Absent category, rule and policy: none, '', ''.
  // The key begins with what a claim asks for, so that a payer's month lies together.
  `CREATE TABLE meal_rollup (
    line VARCHAR(16) NOT NULL,
    party_code VARCHAR(20) NOT NULL,
    business_day DATE NOT NULL,
    point_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    period VARCHAR(10) NOT NULL,
    channel VARCHAR(10) NOT NULL,
    age_tier VARCHAR(20) NOT NULL,
    category_code VARCHAR(20) NOT NULL,
    rule_id VARCHAR(60) NOT NULL,
    policy_version_id VARCHAR(36) NOT NULL,
    meal_month CHAR(7) NOT NULL,
    sign TINYINT NOT NULL,
    meals INT NOT NULL,
    subsidised INT NOT NULL,
    gross_fen BIGINT NOT NULL,
    due_fen BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (line, party_code, business_day, point_id, operator_id, period, channel, age_tier, category_code, rule_id, policy_version_id, meal_month, sign),
    KEY ix_meal_rollup_point (point_id, business_day)
  )`,
  // The same sums by month of booking, so that a claim reads some hundred rows.
  `CREATE TABLE meal_rollup_month (
    line VARCHAR(16) NOT NULL,
    party_code VARCHAR(20) NOT NULL,
    month CHAR(7) NOT NULL,
    point_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    period VARCHAR(10) NOT NULL,
    channel VARCHAR(10) NOT NULL,
    age_tier VARCHAR(20) NOT NULL,
    category_code VARCHAR(20) NOT NULL,
    rule_id VARCHAR(60) NOT NULL,
    policy_version_id VARCHAR(36) NOT NULL,
    meal_month CHAR(7) NOT NULL,
    sign TINYINT NOT NULL,
    meals INT NOT NULL,
    subsidised INT NOT NULL,
    gross_fen BIGINT NOT NULL,
    due_fen BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (line, party_code, month, point_id, operator_id, period, channel, age_tier, category_code, rule_id, policy_version_id, meal_month, sign)
  )`,
  // Meals less those taken back in the same month, per person and month; party_code '' counts every meal, a payer's code those it bears a part of.
  `CREATE TABLE meal_rollup_person (
    party_code VARCHAR(20) NOT NULL,
    month CHAR(7) NOT NULL,
    point_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    age_tier VARCHAR(20) NOT NULL,
    category_code VARCHAR(20) NOT NULL,
    senior_id CHAR(36) NOT NULL,
    meals INT NOT NULL,
    PRIMARY KEY (party_code, month, point_id, operator_id, age_tier, category_code, senior_id)
  )`,
  // What was sealed in a later month than that of its day: the only events that can come after a claim was frozen.
  `CREATE TABLE meal_rollup_late (
    seq BIGINT NOT NULL PRIMARY KEY,
    meal_id CHAR(36) NOT NULL,
    sign TINYINT NOT NULL,
    business_day DATE NOT NULL,
    point_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    KEY ix_meal_rollup_late_day (business_day)
  )`,
  // One row: every seal up to through_seq is in the sums, none beyond it.
  `CREATE TABLE meal_rollup_state (
    name VARCHAR(20) NOT NULL PRIMARY KEY,
    through_seq BIGINT NOT NULL,
    rebuilt_at DATETIME(3) NULL,
    advanced_at DATETIME(3) NULL
  )`,
  `INSERT INTO meal_rollup_state (name, through_seq) VALUES ('meals', 0)`,
  // party_kind: payer | operator. status: draft | checked | signed | frozen. One claim per party and month, for ever.
  `CREATE TABLE month_claim (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    month CHAR(7) NOT NULL,
    party_kind VARCHAR(10) NOT NULL,
    party_code VARCHAR(36) NOT NULL,
    status VARCHAR(8) NOT NULL,
    snapshot_id CHAR(36) NOT NULL,
    through_seq BIGINT NOT NULL,
    seal_hash CHAR(64) NOT NULL,
    detail_hash CHAR(64) NOT NULL,
    persons INT NOT NULL,
    meals INT NOT NULL,
    gross_fen BIGINT NOT NULL,
    due_fen BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    adjustment_fen BIGINT NOT NULL,
    payable_fen BIGINT NOT NULL,
    made_by CHAR(36) NOT NULL,
    made_at DATETIME(3) NOT NULL,
    frozen_at DATETIME(3) NULL,
    UNIQUE KEY uq_month_claim (street_id, month, party_kind, party_code),
    CONSTRAINT ck_month_claim CHECK (payable_fen = amount_fen + adjustment_fen),
    CONSTRAINT fk_month_claim_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // kind: meals (sums of the month) | adjustment (one event of an earlier month, with the claim and meal it adjusts).
  // booked_key lets one party be charged for one event of the past once.
  `CREATE TABLE month_claim_line (
    claim_id CHAR(36) NOT NULL,
    line_no INT NOT NULL,
    kind VARCHAR(10) NOT NULL,
    line VARCHAR(16) NOT NULL,
    party_code VARCHAR(20) NOT NULL,
    point_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    period VARCHAR(10) NOT NULL,
    channel VARCHAR(10) NOT NULL,
    age_tier VARCHAR(20) NOT NULL,
    category_code VARCHAR(20) NOT NULL,
    rule_id VARCHAR(60) NOT NULL,
    policy_version_id VARCHAR(36) NOT NULL,
    sold INT NOT NULL,
    reversed INT NOT NULL,
    gross_fen BIGINT NOT NULL,
    due_fen BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    cause VARCHAR(16) NULL,
    adjusts_claim_id CHAR(36) NULL,
    adjusts_meal_id CHAR(36) NULL,
    adjusts_day DATE NULL,
    booked_key VARCHAR(240) NULL,
    PRIMARY KEY (claim_id, line_no),
    UNIQUE KEY uq_month_claim_line_booked (booked_key),
    CONSTRAINT fk_month_claim_line FOREIGN KEY (claim_id) REFERENCES month_claim (id)
  )`,
  // act: made | checked | signed | returned | frozen
  `CREATE TABLE month_claim_act (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    claim_id CHAR(36) NOT NULL,
    act VARCHAR(8) NOT NULL,
    staff_id CHAR(36) NOT NULL,
    snapshot_id CHAR(36) NOT NULL,
    note VARCHAR(200) NOT NULL DEFAULT '',
    at DATETIME(3) NOT NULL,
    KEY ix_month_claim_act (claim_id),
    CONSTRAINT fk_month_claim_act FOREIGN KEY (claim_id) REFERENCES month_claim (id)
  )`,
  // A claim is paid once and whole; a bank reference proves one payment.
  `CREATE TABLE month_claim_payment (
    claim_id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    bank_reference VARCHAR(60) NOT NULL,
    paid_on DATE NOT NULL,
    amount_fen BIGINT NOT NULL,
    staff_id CHAR(36) NOT NULL,
    at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_month_claim_payment_reference (street_id, bank_reference),
    CONSTRAINT fk_month_claim_payment FOREIGN KEY (claim_id) REFERENCES month_claim (id)
  )`,
  // kind: number (meals a year) | quality | satisfaction (per mille).
  `CREATE TABLE performance_goal (
    point_id CHAR(36) NOT NULL,
    year SMALLINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    target INT NOT NULL,
    set_by CHAR(36) NOT NULL,
    set_at DATETIME(3) NOT NULL,
    PRIMARY KEY (point_id, year, kind),
    CONSTRAINT ck_performance_goal CHECK (target >= 0),
    CONSTRAINT fk_performance_goal_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
];

const frozenLine = (action: string, row: 'NEW' | 'OLD'): string =>
  `CREATE TRIGGER month_claim_line_${action.toLowerCase()} BEFORE ${action} ON month_claim_line FOR EACH ROW
   IF (SELECT status FROM month_claim WHERE id = ${row}.claim_id) <> 'draft' THEN
     SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'lines of a claim change while it is a draft only';
   END IF`;

const TRIGGERS = [
  `CREATE TRIGGER month_claim_frozen BEFORE UPDATE ON month_claim FOR EACH ROW
   IF OLD.status = 'frozen' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a frozen claim never changes'; END IF`,
  `CREATE TRIGGER month_claim_no_delete BEFORE DELETE ON month_claim FOR EACH ROW
   SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a claim is never deleted'`,
  frozenLine('INSERT', 'NEW'), frozenLine('UPDATE', 'OLD'), frozenLine('DELETE', 'OLD'),
  ...['month_claim_act', 'month_claim_payment'].flatMap((table) => ['UPDATE', 'DELETE'].map((action) =>
    `CREATE TRIGGER ${table}_no_${action.toLowerCase()} BEFORE ${action} ON ${table} FOR EACH ROW
     SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${table} is append-only'`)),
];
