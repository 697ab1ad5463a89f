import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For a point, a day and a meal one storm decision stands at a time; undoing it ends the storm there. */
export class OneStandingStorm1700000000286 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // standing is 1 while the decision stands and NULL afterwards, so that the unique key counts standing ones only.
    await queryRunner.query('ALTER TABLE storm_point ADD COLUMN business_day DATE NULL, ADD COLUMN period VARCHAR(10) NULL, ADD COLUMN standing TINYINT NULL');
    await queryRunner.query('UPDATE storm_point p JOIN storm_decision d ON d.id = p.storm_id SET p.business_day = d.business_day, p.period = d.period');
    // Where two stand today, the later one is the one that orders are turned under.
    await queryRunner.query(
      `UPDATE storm_point p JOIN storm_decision d ON d.id = p.storm_id SET p.standing = 1
       WHERE d.undone_at IS NULL AND NOT EXISTS (
         SELECT 1 FROM (SELECT q.point_id, e.business_day, e.period, e.decided_at, e.id FROM storm_point q JOIN storm_decision e ON e.id = q.storm_id WHERE e.undone_at IS NULL) later
         WHERE later.point_id = p.point_id AND later.business_day = d.business_day AND later.period = d.period
           AND (later.decided_at > d.decided_at OR later.decided_at = d.decided_at AND later.id > d.id))`,
    );
    await queryRunner.query(
      'ALTER TABLE storm_point MODIFY business_day DATE NOT NULL, MODIFY period VARCHAR(10) NOT NULL, ADD UNIQUE KEY uq_storm_standing (point_id, business_day, period, standing)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE storm_point DROP KEY uq_storm_standing, DROP COLUMN standing, DROP COLUMN period, DROP COLUMN business_day');
  }
}
