import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['gallery_sealing', 'gallery_key', 'gallery_key_copy', 'gallery_approval', 'gallery_recovery', 'impostor_measure'];

const UP = [
  // The server's copy is absent where the consent is for one point alone and the devices have closed it to their own key.
  `ALTER TABLE face_template
    MODIFY template_cipher VARBINARY(4096) NULL,
    MODIFY key_id VARCHAR(20) NULL,
    ADD COLUMN sealed_key_id CHAR(36) NULL,
    ADD COLUMN sealed_box TEXT NULL,
    ADD KEY ix_face_template_sealed (sealed_key_id)`,
  // A rate curve and the models of an installation are longer than a word.
  'ALTER TABLE installation_fact MODIFY value TEXT NOT NULL',
  `CREATE TABLE gallery_sealing (
    point_id CHAR(36) NOT NULL PRIMARY KEY,
    begun_at DATETIME(3) NOT NULL,
    begun_by CHAR(36) NOT NULL
  )`,
  // active is 1 or NULL: one current key a point. due_at: must be replaced, because a device that held it lost its trust.
  `CREATE TABLE gallery_key (
    id CHAR(36) NOT NULL PRIMARY KEY,
    point_id CHAR(36) NOT NULL,
    public_key_jwk TEXT NOT NULL,
    active TINYINT(1) NULL,
    due_at DATETIME(3) NULL,
    made_by CHAR(36) NOT NULL,
    made_at DATETIME(3) NOT NULL,
    retired_at DATETIME(3) NULL,
    UNIQUE KEY uq_gallery_key_active (point_id, active)
  )`,
  // holder: a device or a recovery key. What is in the box opens only there.
  `CREATE TABLE gallery_key_copy (
    key_id CHAR(36) NOT NULL,
    holder CHAR(36) NOT NULL,
    box TEXT NOT NULL,
    made_by CHAR(36) NOT NULL,
    made_at DATETIME(3) NOT NULL,
    PRIMARY KEY (key_id, holder),
    KEY ix_gallery_key_copy_holder (holder)
  )`,
  `CREATE TABLE gallery_approval (
    device_id CHAR(36) NOT NULL PRIMARY KEY,
    approved_by CHAR(36) NOT NULL,
    approved_at DATETIME(3) NOT NULL
  )`,
  `CREATE TABLE gallery_recovery (
    id CHAR(36) NOT NULL PRIMARY KEY,
    street_id CHAR(36) NOT NULL,
    public_key_jwk TEXT NOT NULL,
    active TINYINT(1) NULL,
    made_by CHAR(36) NOT NULL,
    made_at DATETIME(3) NOT NULL,
    retired_at DATETIME(3) NULL,
    UNIQUE KEY uq_gallery_recovery_active (street_id, active)
  )`,
  // How near different people of one gallery come to each other: counts a person and level, without saying who.
  `CREATE TABLE impostor_measure (
    point_id CHAR(36) NOT NULL,
    model_id VARCHAR(60) NOT NULL,
    device_id CHAR(36) NOT NULL,
    people INT NOT NULL,
    counts MEDIUMTEXT NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (point_id, model_id)
  )`,
];

/** Keys of sealed galleries, and what a site has measured of its own people. */
export class SealedGalleries1700000000200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await queryRunner.query(`DROP TABLE ${table}`);
    // What only devices can open cannot go back into the former column; its people are captured again.
    await queryRunner.query('DELETE FROM face_template WHERE template_cipher IS NULL');
    await queryRunner.query(`ALTER TABLE face_template DROP KEY ix_face_template_sealed, DROP COLUMN sealed_box, DROP COLUMN sealed_key_id,
      MODIFY template_cipher VARBINARY(4096) NOT NULL, MODIFY key_id VARCHAR(20) NOT NULL`);
    await queryRunner.query("DELETE FROM installation_fact WHERE name LIKE 'face.%' AND LENGTH(value) > 200");
    await queryRunner.query('ALTER TABLE installation_fact MODIFY value VARCHAR(200) NOT NULL');
  }
}
