import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What kiosks may sell without network, what they sold and what was decided about it, and what each device last said of
 * itself. A record as a device signed it is never changed and never deleted.
 */
export class SellingWithoutNetwork1700000000150 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['device_status', 'offline_sale', 'offline_chain', 'offline_envelope', 'offline_setting']) await queryRunner.query(`DROP TABLE ${table}`);
    await queryRunner.query('ALTER TABLE device DROP COLUMN replaced_by, DROP COLUMN storage_lost_at');
    await queryRunner.query('ALTER TABLE point_day_close DROP COLUMN kiosks_unsent, DROP COLUMN kiosks_reason, DROP COLUMN kiosks_second_reason');
  }
}

const UP = [
  `CREATE TABLE offline_setting (
    point_id CHAR(36) NOT NULL PRIMARY KEY,
    settings JSON NOT NULL,
    signed_by CHAR(36) NULL,
    signed_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_offline_setting_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  // limits: as they were signed when the envelope was issued; later changes bind later envelopes.
  `CREATE TABLE offline_envelope (
    id CHAR(36) NOT NULL PRIMARY KEY,
    device_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    issued_at DATETIME(3) NOT NULL,
    valid_until DATETIME(3) NOT NULL,
    limits JSON NOT NULL,
    policy_version_id CHAR(36) NULL,
    KEY ix_offline_envelope_device (device_id, business_day),
    KEY ix_offline_envelope_point (point_id, valid_until),
    CONSTRAINT fk_offline_envelope_device FOREIGN KEY (device_id) REFERENCES device (id)
  )`,
  // The last sale of a device that has taken its place; sold_at: when that was.
  `CREATE TABLE offline_chain (
    device_id CHAR(36) NOT NULL PRIMARY KEY,
    seq INT NOT NULL,
    hash CHAR(64) NOT NULL,
    sold_at DATETIME(3) NULL,
    CONSTRAINT fk_offline_chain_device FOREIGN KEY (device_id) REFERENCES device (id)
  )`,
  // state: posted | waiting (for an earlier one) | review | rejected. Columns after genuine are NULL where the text cannot
  // be read. shown_fen: what the kiosk said; due_fen: what the rules of the day say.
  `CREATE TABLE offline_sale (
    id CHAR(36) NOT NULL PRIMARY KEY,
    device_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    record_hash CHAR(64) NOT NULL,
    record_text VARCHAR(4000) NOT NULL,
    signature VARCHAR(200) NOT NULL,
    received_at DATETIME(3) NOT NULL,
    genuine TINYINT NOT NULL,
    seq INT NULL,
    previous_hash CHAR(64) NULL,
    sale_key VARCHAR(64) NULL,
    envelope_id CHAR(36) NULL,
    meal_day DATE NULL,
    sold_at DATETIME(3) NULL,
    person_code CHAR(36) NULL,
    set_meal_id CHAR(36) NULL,
    shown_fen BIGINT NULL,
    due_fen BIGINT NULL,
    state VARCHAR(10) NOT NULL,
    code VARCHAR(40) NULL,
    meal_id CHAR(36) NULL,
    charged_to VARCHAR(10) NULL,
    reason VARCHAR(200) NOT NULL DEFAULT '',
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    UNIQUE KEY uq_offline_sale_record (device_id, record_hash),
    KEY ix_offline_sale_chain (device_id, state, seq),
    KEY ix_offline_sale_day (device_id, meal_day),
    KEY ix_offline_sale_point (point_id, received_at),
    CONSTRAINT fk_offline_sale_device FOREIGN KEY (device_id) REFERENCES device (id)
  )`,
  `CREATE TRIGGER offline_sale_no_delete BEFORE DELETE ON offline_sale FOR EACH ROW
     SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'offline_sale is never deleted'`,
  `CREATE TRIGGER offline_sale_no_rewrite BEFORE UPDATE ON offline_sale FOR EACH ROW
     IF NEW.record_text <> OLD.record_text OR NEW.signature <> OLD.signature OR NEW.record_hash <> OLD.record_hash OR NEW.device_id <> OLD.device_id
       OR (OLD.meal_id IS NOT NULL AND NOT (NEW.meal_id <=> OLD.meal_id)) THEN
       SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the record of an offline_sale is never changed';
     END IF`,
  // clock_drift_ms: the device's own clock less the server's. storage: bytes of the browser's store.
  `CREATE TABLE device_status (
    device_id CHAR(36) NOT NULL PRIMARY KEY,
    reported_at DATETIME(3) NOT NULL,
    app_version VARCHAR(40) NOT NULL,
    contract INT NOT NULL,
    queue_count INT NOT NULL,
    queue_oldest_at DATETIME(3) NULL,
    chain_seq INT NOT NULL,
    clock_drift_ms BIGINT NOT NULL,
    camera VARCHAR(10) NOT NULL,
    storage_used BIGINT NULL,
    storage_quota BIGINT NULL,
    storage_persisted TINYINT NOT NULL,
    offline_until DATETIME(3) NULL,
    CONSTRAINT fk_device_status_device FOREIGN KEY (device_id) REFERENCES device (id)
  )`,
  'ALTER TABLE device ADD COLUMN replaced_by CHAR(36) NULL, ADD COLUMN storage_lost_at DATETIME(3) NULL',
  // How many kiosks had not told what they sold when a day was signed, and why two people closed it all the same.
  `ALTER TABLE point_day_close ADD COLUMN kiosks_unsent INT NOT NULL DEFAULT 0, ADD COLUMN kiosks_reason VARCHAR(120) NOT NULL DEFAULT '',
     ADD COLUMN kiosks_second_reason VARCHAR(120) NOT NULL DEFAULT ''`,
];
