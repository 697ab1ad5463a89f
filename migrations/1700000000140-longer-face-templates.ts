import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Templates of other embedders have up to 512 numbers, and two models of one person lie side by side while people are captured again. */
export class LongerFaceTemplates1700000000140 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE face_template MODIFY template_cipher VARBINARY(4096) NOT NULL, ADD KEY ix_face_template_model (model_id, point_id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // A longer template cannot go back into the former column; its people are captured again.
    await queryRunner.query('DELETE FROM face_template WHERE LENGTH(template_cipher) > 1200');
    await queryRunner.query('ALTER TABLE face_template DROP KEY ix_face_template_model, MODIFY template_cipher VARBINARY(1200) NOT NULL');
  }
}
