import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A contractor's bill is one street's: that street alone decides it. Streets that an operator serves from elsewhere have its rates. */
export class ContractorBillsOfAStreet1700000000252 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE route_trip ADD KEY ix_route_trip_crew (crew_id)');
    await queryRunner.query("ALTER TABLE contractor_bill ADD COLUMN street_id CHAR(36) NOT NULL DEFAULT '' AFTER operator_id");
    // The street in which most of the billed stops lie; else that of whoever brought it; else where the operator works.
    await queryRunner.query(`UPDATE contractor_bill b SET b.street_id = COALESCE(
      (SELECT c.street_id FROM contractor_bill_line l JOIN route_stop s ON s.id = l.route_stop_id ${POINT_OF_STOP}
        WHERE l.bill_id = b.id AND l.line_no IS NOT NULL GROUP BY c.street_id ORDER BY COUNT(*) DESC, c.street_id LIMIT 1),
      (SELECT u.scope_id FROM staff u WHERE u.id = b.uploaded_by AND u.scope_kind = 'street'),
      (SELECT MIN(c.street_id) FROM point p JOIN community c ON c.id = p.community_id
        WHERE p.operator_id = b.operator_id OR p.id IN (SELECT w.depot_id FROM crew w WHERE w.operator_id = b.operator_id AND w.depot_kind = 'point')),
      (SELECT MIN(k.street_id) FROM kitchen k JOIN crew w ON w.depot_kind = 'kitchen' AND w.depot_id = k.id WHERE w.operator_id = b.operator_id),
      (SELECT MIN(id) FROM street), '')`);
    await queryRunner.query('ALTER TABLE contractor_bill ALTER COLUMN street_id DROP DEFAULT');
    // The rates that held for all streets before each had its own: of each day of effect the one agreed first.
    await queryRunner.query(`INSERT INTO contractor_rate (operator_id, street_id, valid_from, per_stop_fen, source_document, set_by, set_at)
      SELECT r.operator_id, v.street_id, r.valid_from, r.per_stop_fen, r.source_document, r.set_by, r.set_at
      FROM (SELECT DISTINCT w.operator_id, c.street_id FROM crew w JOIN route_trip t ON t.crew_id = w.id JOIN route_stop s ON s.route_trip_id = t.id ${POINT_OF_STOP}
        WHERE w.operator_id IS NOT NULL) v JOIN contractor_rate r ON r.operator_id = v.operator_id
      WHERE NOT EXISTS (SELECT 1 FROM contractor_rate h WHERE h.operator_id = v.operator_id AND h.street_id = v.street_id)
        AND NOT EXISTS (SELECT 1 FROM contractor_rate n WHERE n.operator_id = r.operator_id AND n.valid_from = r.valid_from
          AND (n.set_at < r.set_at OR (n.set_at = r.set_at AND n.street_id < r.street_id)))`);
  }

  /** The rates that were added stay: they held before. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE contractor_bill DROP COLUMN street_id');
    await queryRunner.query('ALTER TABLE route_trip DROP KEY ix_route_trip_crew');
  }
}

const POINT_OF_STOP = 'JOIN meal_order o ON o.id = s.meal_order_id JOIN point p ON p.id = o.point_id JOIN community c ON c.id = p.community_id';
