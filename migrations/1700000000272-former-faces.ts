import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Templates of one sitting, by several models, share the number of their enrolment.
  'ALTER TABLE face_template ADD COLUMN enrolment_id CHAR(36) NULL',
  'UPDATE face_template SET enrolment_id = id',
  // How long the words of this consent allow the template before to be kept; NULL: they did not speak of it, so it is not.
  'ALTER TABLE consent ADD COLUMN former_face_days SMALLINT NULL',
  `CREATE TABLE face_setting (
    street_id CHAR(36) NOT NULL PRIMARY KEY,
    former_face_days SMALLINT NOT NULL,
    changed_by CHAR(36) NOT NULL,
    changed_at DATETIME(3) NOT NULL
  )`,
  // A template that another one took the place of, sealed as it was. No gallery reads this table.
  `CREATE TABLE former_face (
    id CHAR(36) NOT NULL PRIMARY KEY,
    enrolment_id CHAR(36) NOT NULL,
    person_code CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    roaming TINYINT(1) NOT NULL,
    model_id VARCHAR(60) NOT NULL,
    key_id VARCHAR(20) NULL,
    template_cipher VARBINARY(4096) NULL,
    sealed_key_id CHAR(36) NULL,
    sealed_box TEXT NULL,
    quality DOUBLE NOT NULL,
    created_at DATETIME(3) NOT NULL,
    replaced_at DATETIME(3) NOT NULL,
    keep_until DATETIME(3) NOT NULL,
    KEY ix_former_face_person (person_code),
    KEY ix_former_face_point (point_id),
    KEY ix_former_face_sealed (sealed_key_id)
  )`,
];

/** The face before, kept for a short term for disputes where the consent's words name it. */
export class FormerFaces1700000000272 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['former_face', 'face_setting']) await queryRunner.query(`DROP TABLE ${table}`);
    await queryRunner.query('ALTER TABLE consent DROP COLUMN former_face_days');
    await queryRunner.query('ALTER TABLE face_template DROP COLUMN enrolment_id');
  }
}
