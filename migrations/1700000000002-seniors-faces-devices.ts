import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Seniors, their consents and credentials; face templates apart from identity (joined by a random person code
 * that survives the deletion of the face); devices and what each has received of its gallery.
 */
export class SeniorsFacesDevices1700000000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.slice().reverse()) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  'senior', 'senior_category', 'senior_contact', 'senior_card', 'senior_diet', 'consent', 'face_template',
  'device', 'device_code', 'device_code_attempt', 'device_nonce', 'gallery_head', 'gallery_change', 'gallery_receipt', 'face_probe',
];

const UP = [
  // *_cipher: AES-256-GCM, base64, with key id; *_hash: keyed hash (HMAC-SHA-256, hex) for look-up.
  `CREATE TABLE senior (
    id CHAR(36) NOT NULL PRIMARY KEY,
    person_code CHAR(36) NOT NULL,
    street_id CHAR(36) NOT NULL,
    community_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    name VARCHAR(60) NOT NULL,
    name_initials VARCHAR(40) NOT NULL,
    sex CHAR(1) NOT NULL,
    birth_date DATE NOT NULL,
    id_number_cipher VARCHAR(255) NOT NULL,
    id_number_hash CHAR(64) NOT NULL,
    phone_cipher VARCHAR(255) NOT NULL,
    phone_hash CHAR(64) NOT NULL,
    phone_last4_hash CHAR(64) NOT NULL,
    address_cipher VARCHAR(600) NOT NULL,
    latitude DOUBLE NOT NULL,
    longitude DOUBLE NOT NULL,
    floor SMALLINT NOT NULL,
    has_lift TINYINT(1) NOT NULL,
    door_note VARCHAR(120) NOT NULL DEFAULT '',
    household_id CHAR(36) NULL,
    hukou_area VARCHAR(12) NOT NULL,
    status VARCHAR(12) NOT NULL DEFAULT 'active',
    status_from DATE NULL,
    is_demo TINYINT(1) NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_senior_person_code (person_code),
    UNIQUE KEY uq_senior_id_number (id_number_hash),
    KEY ix_senior_phone (phone_hash),
    KEY ix_senior_point_last4 (point_id, phone_last4_hash),
    KEY ix_senior_name (name),
    KEY ix_senior_initials (name_initials),
    CONSTRAINT fk_senior_community FOREIGN KEY (community_id) REFERENCES community (id),
    CONSTRAINT fk_senior_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  // Half-open validity [valid_from, valid_to). Special seniors pass applied -> community -> approved | refused.
  `CREATE TABLE senior_category (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    code VARCHAR(20) NOT NULL,
    status VARCHAR(12) NOT NULL,
    source VARCHAR(60) NOT NULL,
    evidence VARCHAR(120) NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NULL,
    applied_by CHAR(36) NULL,
    community_checked_by CHAR(36) NULL,
    street_decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    refusal_reason VARCHAR(120) NULL,
    created_at DATETIME(3) NOT NULL,
    KEY ix_senior_category_senior (senior_id),
    KEY ix_senior_category_status (status),
    CONSTRAINT fk_senior_category_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // kind: emergency | collector | guardian | family
  `CREATE TABLE senior_contact (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    relation VARCHAR(20) NOT NULL,
    name_cipher VARCHAR(255) NOT NULL,
    phone_cipher VARCHAR(255) NOT NULL,
    KEY ix_senior_contact_senior (senior_id),
    CONSTRAINT fk_senior_contact_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  `CREATE TABLE senior_card (
    card_hash CHAR(64) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    last4 CHAR(4) NOT NULL DEFAULT '',
    active TINYINT(1) NOT NULL DEFAULT 1,
    issued_at DATETIME(3) NOT NULL,
    KEY ix_senior_card_senior (senior_id),
    CONSTRAINT fk_senior_card_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  `CREATE TABLE senior_diet (
    senior_id CHAR(36) NOT NULL,
    code VARCHAR(16) NOT NULL,
    PRIMARY KEY (senior_id, code),
    CONSTRAINT fk_senior_diet_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // purpose: face-point | face-roaming. One row per act of consent; withdrawal fills the last columns.
  `CREATE TABLE consent (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    purpose VARCHAR(20) NOT NULL,
    point_id CHAR(36) NULL,
    given_by VARCHAR(10) NOT NULL,
    guardian_name VARCHAR(60) NULL,
    guardian_proof VARCHAR(120) NULL,
    notice_version VARCHAR(20) NOT NULL,
    given_at DATETIME(3) NOT NULL,
    recorded_by CHAR(36) NOT NULL,
    withdrawn_at DATETIME(3) NULL,
    withdrawn_recorded_by CHAR(36) NULL,
    KEY ix_consent_senior (senior_id, purpose),
    CONSTRAINT fk_consent_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // No senior id here: the face store knows a person code only.
  `CREATE TABLE face_template (
    id CHAR(36) NOT NULL PRIMARY KEY,
    person_code CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    roaming TINYINT(1) NOT NULL DEFAULT 0,
    model_id VARCHAR(60) NOT NULL,
    key_id VARCHAR(20) NOT NULL,
    template_cipher VARBINARY(1200) NOT NULL,
    quality DOUBLE NOT NULL,
    created_at DATETIME(3) NOT NULL,
    KEY ix_face_template_point (point_id),
    UNIQUE KEY uq_face_template_person_model (person_code, model_id)
  )`,
  `CREATE TABLE device (
    id CHAR(36) NOT NULL PRIMARY KEY,
    point_id CHAR(36) NOT NULL,
    kind VARCHAR(10) NOT NULL,
    name VARCHAR(40) NOT NULL,
    signing_key_jwk TEXT NOT NULL,
    sealing_key_jwk TEXT NOT NULL,
    status VARCHAR(10) NOT NULL,
    enrolled_at DATETIME(3) NOT NULL,
    last_seen_at DATETIME(3) NULL,
    revoked_at DATETIME(3) NULL,
    CONSTRAINT fk_device_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  `CREATE TABLE device_code (
    code_hash CHAR(64) NOT NULL PRIMARY KEY,
    point_id CHAR(36) NOT NULL,
    name VARCHAR(40) NOT NULL,
    created_by CHAR(36) NULL,
    created_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    used_at DATETIME(3) NULL,
    CONSTRAINT fk_device_code_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  // Refused one-time codes by source (keyed hash of the network address), for slowing down whoever guesses.
  `CREATE TABLE device_code_attempt (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    source_hash CHAR(64) NOT NULL,
    at DATETIME(3) NOT NULL,
    KEY ix_device_code_attempt (source_hash, at)
  )`,
  `CREATE TABLE device_nonce (
    device_id CHAR(36) NOT NULL,
    nonce CHAR(22) NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (device_id, nonce),
    KEY ix_device_nonce_at (at)
  )`,
  // The last number given out at a point. Its row lock makes numbers follow the order of commits: a kiosk that has
  // applied number n can never miss a change with a smaller one.
  `CREATE TABLE gallery_head (
    point_id CHAR(36) NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    CONSTRAINT fk_gallery_head_point FOREIGN KEY (point_id) REFERENCES point (id)
  )`,
  // What each kiosk of a point must apply, in order; kind: put | remove.
  `CREATE TABLE gallery_change (
    point_id CHAR(36) NOT NULL,
    seq BIGINT NOT NULL,
    person_code CHAR(36) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (point_id, seq),
    KEY ix_gallery_change_person (person_code, seq)
  )`,
  `CREATE TABLE gallery_receipt (
    device_id CHAR(36) NOT NULL PRIMARY KEY,
    applied_seq BIGINT NOT NULL,
    at DATETIME(3) NOT NULL,
    CONSTRAINT fk_gallery_receipt_device FOREIGN KEY (device_id) REFERENCES device (id)
  )`,
  // Keyed hash of each roaming probe: an exact repeat is a replayed descriptor, not a live face.
  `CREATE TABLE face_probe (
    probe_hash CHAR(64) NOT NULL PRIMARY KEY,
    device_id CHAR(36) NOT NULL,
    at DATETIME(3) NOT NULL
  )`,
];
