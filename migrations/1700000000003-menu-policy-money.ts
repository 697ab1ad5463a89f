import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Menu, portions of a point, policies as data, the double-entry ledger, meals and what proves them.
 * transfer, entry, meal, meal_payer, meal_reversal, journal_seal and audit_line are append-only: triggers refuse
 * UPDATE and DELETE, so that a correction can only be a reversal.
 */
export class MenuPolicyMoney1700000000003 implements MigrationInterface {
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
    for (const action of ['update', 'delete']) await queryRunner.query(`DROP TRIGGER audit_line_no_${action}`);
    for (const table of TABLES.slice().reverse()) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const APPEND_ONLY = ['transfer', 'entry', 'meal', 'meal_payer', 'meal_reversal', 'journal_seal', 'audit_line'];

const TABLES = [
  'dish', 'set_meal', 'set_meal_dish', 'portion_stock', 'portion_load', 'portion_load_item', 'portion_waste', 'policy_version', 'account', 'transfer', 'entry',
  'journal_seal', 'journal_root', 'idempotency_record', 'meal', 'meal_payer', 'meal_reversal', 'entitlement_use',
];

const UP = [
  `CREATE TABLE dish (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    name VARCHAR(40) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    diet_tags JSON NOT NULL,
    allergens JSON NOT NULL,
    picture VARCHAR(40) NOT NULL DEFAULT '',
    CONSTRAINT fk_dish_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // A set meal is what is sold: code A, B … of a kitchen on a day and period, with its gross price.
  `CREATE TABLE set_meal (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    code CHAR(1) NOT NULL,
    name VARCHAR(40) NOT NULL,
    gross_fen BIGINT NOT NULL,
    diet_tags JSON NOT NULL,
    UNIQUE KEY uq_set_meal (kitchen_id, business_day, period, code),
    CONSTRAINT fk_set_meal_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  `CREATE TABLE set_meal_dish (
    set_meal_id CHAR(36) NOT NULL,
    dish_id CHAR(36) NOT NULL,
    PRIMARY KEY (set_meal_id, dish_id),
    CONSTRAINT fk_set_meal_dish_meal FOREIGN KEY (set_meal_id) REFERENCES set_meal (id),
    CONSTRAINT fk_set_meal_dish_dish FOREIGN KEY (dish_id) REFERENCES dish (id)
  )`,
  // One row per point and set meal: the only row that kiosks of one point share on the payment path. issued counts the
  // pick-up numbers ever given, so that a refund never gives a number out twice.
  `CREATE TABLE portion_stock (
    point_id CHAR(36) NOT NULL,
    set_meal_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    issued INT NOT NULL DEFAULT 0,
    sent INT NOT NULL DEFAULT 0,
    accepted INT NOT NULL DEFAULT 0,
    served INT NOT NULL DEFAULT 0,
    collected INT NOT NULL DEFAULT 0,
    wasted INT NOT NULL DEFAULT 0,
    PRIMARY KEY (point_id, set_meal_id),
    KEY ix_portion_stock_day (business_day, period),
    CONSTRAINT ck_portion_stock CHECK (served >= 0 AND collected >= 0 AND wasted >= 0
      AND served + collected + wasted <= accepted),
    CONSTRAINT fk_portion_stock_point FOREIGN KEY (point_id) REFERENCES point (id),
    CONSTRAINT fk_portion_stock_set_meal FOREIGN KEY (set_meal_id) REFERENCES set_meal (id)
  )`,
  // One row per departure of food to a point; the load clock runs from left_at to accepted_at. What it holds is added to
  // portion_stock when it is accepted. state: sealed | left | accepted.
  `CREATE TABLE portion_load (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    wave SMALLINT NOT NULL,
    state VARCHAR(8) NOT NULL,
    sealed_at DATETIME(3) NOT NULL,
    sealed_by CHAR(36) NULL,
    left_at DATETIME(3) NULL,
    left_by CHAR(36) NULL,
    accepted_at DATETIME(3) NULL,
    accepted_by CHAR(36) NULL,
    accepted_temperature_c DECIMAL(4,1) NULL,
    note VARCHAR(120) NOT NULL DEFAULT '',
    UNIQUE KEY uq_portion_load_wave (point_id, business_day, period, wave),
    KEY ix_portion_load_day (business_day, period),
    CONSTRAINT fk_portion_load_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id),
    CONSTRAINT fk_portion_load_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  `CREATE TABLE portion_load_item (
    load_id CHAR(36) NOT NULL,
    set_meal_id CHAR(36) NOT NULL,
    sent INT NOT NULL,
    accepted INT NULL,
    PRIMARY KEY (load_id, set_meal_id),
    CONSTRAINT ck_portion_load_item CHECK (sent > 0 AND (accepted IS NULL OR accepted >= 0)),
    CONSTRAINT fk_portion_load_item_load FOREIGN KEY (load_id) REFERENCES portion_load (id),
    CONSTRAINT fk_portion_load_item_set_meal FOREIGN KEY (set_meal_id) REFERENCES set_meal (id)
  )`,
  // Each act of throwing away, with its reason; portion_stock.wasted is their sum. reason: not-eaten | spoiled | dropped | returned-by-crew.
  `CREATE TABLE portion_waste (
    id CHAR(36) NOT NULL PRIMARY KEY,
    point_id CHAR(36) NOT NULL,
    set_meal_id CHAR(36) NOT NULL,
    portions INT NOT NULL,
    reason VARCHAR(20) NOT NULL,
    note VARCHAR(120) NOT NULL DEFAULT '',
    recorded_by CHAR(36) NULL,
    recorded_at DATETIME(3) NOT NULL,
    KEY ix_portion_waste_stock (point_id, set_meal_id),
    CONSTRAINT ck_portion_waste CHECK (portions > 0),
    CONSTRAINT fk_portion_waste_stock FOREIGN KEY (point_id, set_meal_id) REFERENCES portion_stock (point_id, set_meal_id)
  )`,
  `CREATE TABLE policy_version (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    name VARCHAR(80) NOT NULL,
    jurisdiction VARCHAR(60) NOT NULL,
    source_document VARCHAR(200) NOT NULL,
    author VARCHAR(60) NOT NULL,
    effective_from DATE NOT NULL,
    effective_to DATE NULL,
    policy JSON NOT NULL,
    is_demo TINYINT(1) NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL,
    KEY ix_policy_version_street (street_id, effective_from),
    CONSTRAINT fk_policy_version_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // kind: wallet | debt | payer | operator | cash | qr. Only guarded accounts (wallets) keep a cached balance;
  // the others are sums of entries, so that no payment updates a row which the whole street shares.
  `CREATE TABLE account (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kind VARCHAR(12) NOT NULL,
    owner_code VARCHAR(80) NOT NULL,
    point_id CHAR(36) NULL,
    guarded TINYINT(1) NOT NULL,
    balance_fen BIGINT NOT NULL DEFAULT 0,
    floor_fen BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_account_owner (kind, owner_code)
  )`,
  `CREATE TABLE transfer (
    id CHAR(36) NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL AUTO_INCREMENT UNIQUE,
    kind VARCHAR(20) NOT NULL,
    business_day DATE NOT NULL,
    point_id CHAR(36) NULL,
    reverses_id CHAR(36) NULL,
    idempotency_scope VARCHAR(43) NOT NULL,
    idempotency_key VARCHAR(64) NOT NULL,
    actor_kind VARCHAR(10) NOT NULL,
    actor_id CHAR(36) NULL,
    memo VARCHAR(120) NOT NULL,
    content_hash CHAR(64) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_transfer_reverses (reverses_id),
    UNIQUE KEY uq_transfer_key (idempotency_scope, idempotency_key),
    KEY ix_transfer_day (business_day)
  )`,
  `CREATE TABLE entry (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    transfer_id CHAR(36) NOT NULL,
    account_id CHAR(36) NOT NULL,
    amount_fen BIGINT NOT NULL,
    KEY ix_entry_transfer (transfer_id),
    KEY ix_entry_account (account_id),
    CONSTRAINT fk_entry_transfer FOREIGN KEY (transfer_id) REFERENCES transfer (id),
    CONSTRAINT fk_entry_account FOREIGN KEY (account_id) REFERENCES account (id)
  )`,
  `CREATE TABLE journal_seal (
    seq BIGINT NOT NULL PRIMARY KEY,
    transfer_id CHAR(36) NOT NULL,
    transfer_position BIGINT NOT NULL,
    content_hash CHAR(64) NOT NULL,
    previous_hash CHAR(64) NOT NULL,
    hash CHAR(64) NOT NULL,
    sealed_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_journal_seal_transfer (transfer_id)
  )`,
  `CREATE TABLE journal_root (
    business_day DATE NOT NULL PRIMARY KEY,
    last_seq BIGINT NOT NULL,
    root_hash CHAR(64) NOT NULL,
    created_at DATETIME(3) NOT NULL
  )`,
  // scope: device:<id> or staff:<id>. Kept at least 400 days (the audit year of the subsidy).
  `CREATE TABLE idempotency_record (
    scope VARCHAR(43) NOT NULL,
    idempotency_key VARCHAR(64) NOT NULL,
    request_hash CHAR(64) NOT NULL,
    status_code SMALLINT NOT NULL,
    response JSON NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (scope, idempotency_key)
  )`,
  // channel: eat-in | take-away | delivery. identified_by: face | face-digits | digits | card | staff | crew | none.
  `CREATE TABLE meal (
    id CHAR(36) NOT NULL PRIMARY KEY,
    transfer_id CHAR(36) NOT NULL,
    senior_id CHAR(36) NULL,
    point_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    set_meal_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    channel VARCHAR(10) NOT NULL,
    gross_fen BIGINT NOT NULL,
    due_fen BIGINT NOT NULL,
    policy_version_id CHAR(36) NULL,
    rule_id VARCHAR(60) NULL,
    age_years SMALLINT NULL,
    age_tier VARCHAR(20) NOT NULL,
    category_code VARCHAR(20) NULL,
    facts JSON NOT NULL,
    explanation JSON NOT NULL,
    identified_by VARCHAR(12) NOT NULL,
    identification JSON NOT NULL,
    device_id CHAR(36) NULL,
    staff_id CHAR(36) NULL,
    route_stop_id CHAR(36) NULL,
    pickup_no VARCHAR(8) NOT NULL,
    sold_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_meal_transfer (transfer_id),
    KEY ix_meal_day (business_day, point_id),
    KEY ix_meal_senior (senior_id, business_day),
    CONSTRAINT fk_meal_transfer FOREIGN KEY (transfer_id) REFERENCES transfer (id),
    CONSTRAINT fk_meal_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  `CREATE TABLE meal_payer (
    meal_id CHAR(36) NOT NULL,
    payer_code VARCHAR(20) NOT NULL,
    rule_id VARCHAR(60) NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (meal_id, payer_code, rule_id),
    CONSTRAINT fk_meal_payer_meal FOREIGN KEY (meal_id) REFERENCES meal (id)
  )`,
  `CREATE TABLE meal_reversal (
    meal_id CHAR(36) NOT NULL PRIMARY KEY,
    transfer_id CHAR(36) NOT NULL,
    reason VARCHAR(40) NOT NULL,
    note VARCHAR(120) NOT NULL DEFAULT '',
    staff_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    at DATETIME(3) NOT NULL,
    KEY ix_meal_reversal_day (business_day),
    CONSTRAINT fk_meal_reversal_meal FOREIGN KEY (meal_id) REFERENCES meal (id),
    CONSTRAINT fk_meal_reversal_transfer FOREIGN KEY (transfer_id) REFERENCES transfer (id)
  )`,
  // The guard against a second meal: one active row per senior, day and slot (lunch, lunch#2, …). active is NULL once released.
  `CREATE TABLE entitlement_use (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    slot VARCHAR(40) NOT NULL,
    meal_id CHAR(36) NOT NULL,
    active TINYINT(1) NULL,
    KEY ix_entitlement_use_meal (meal_id),
    UNIQUE KEY uq_entitlement_use (senior_id, business_day, slot, active)
  )`,
];
