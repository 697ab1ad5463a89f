import type { EntityManager } from 'typeorm';
import type { DutyAct } from '../../domain/exceptions/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';

const STREET_OF = 'SELECT c.street_id FROM point p JOIN community c ON c.id = p.community_id WHERE p.id = ?';

/** Reads one kind of act. The parameters of `sql` are the two instants of the day, then the points or the street's first point. */
interface DutyRead { readonly by: 'points' | 'street'; readonly sql: string }

const during = (column: string): string => `${column} >= ? AND ${column} < ?`;
const atPoints = (sql: string): DutyRead => ({ by: 'points', sql });
const inStreet = (sql: string): DutyRead => ({ by: 'street', sql });

/** An advance has up to four people: each pair is told on the day of its later act. */
const ADVANCE_HALVES = [['asked', 'first'], ['asked', 'second'], ['first', 'second'], ['asked', 'paid'], ['first', 'paid'], ['second', 'paid']] as const;

const READS: readonly DutyRead[] = [
  ...['applied_by', 'community_checked_by'].map((performer) => atPoints(
    `SELECT c.id AS actId, 'special-senior' AS actKind, s.point_id AS pointId, s.id AS seniorId, c.${performer} AS performedBy, c.street_decided_by AS verifiedBy
     FROM senior_category c JOIN senior s ON s.id = c.senior_id
     WHERE c.${performer} IS NOT NULL AND c.street_decided_by IS NOT NULL AND ${during('c.decided_at')} AND s.point_id IN (?)`)),
  inStreet(`SELECT CONCAT(b.id, '-', a.id), 'claim', NULL, NULL, a.staff_id, b.staff_id
    FROM month_claim_act b JOIN month_claim_act a ON a.claim_id = b.claim_id AND a.snapshot_id = b.snapshot_id AND a.id < b.id AND a.act IN ('made', 'signed')
    JOIN month_claim c ON c.id = b.claim_id WHERE b.act IN ('checked', 'signed') AND ${during('b.at')} AND c.street_id = (${STREET_OF})`),
  inStreet(`SELECT CONCAT(p.claim_id, IF(p.attempt = 1, '', CONCAT('.', p.attempt)), '-', a.id), 'claim', NULL, NULL, a.staff_id, p.staff_id
    FROM month_claim_payment p JOIN month_claim c ON c.id = p.claim_id
    JOIN month_claim_act a ON a.claim_id = c.id AND a.snapshot_id = c.snapshot_id AND a.act IN ('made', 'checked', 'signed')
    WHERE ${during('p.at')} AND c.street_id = (${STREET_OF})`),
  atPoints(`SELECT g.id, 'merge', s.point_id, s.id, g.proposed_by, g.decided_by FROM person_merge_case g JOIN senior s ON s.id = g.senior_id
    WHERE g.state <> 'refused' AND ${during('g.decided_at')} AND s.point_id IN (?)`),
  atPoints(`SELECT b.meal_id, 'reversal', m.point_id, m.senior_id, b.proposed_by, b.decided_by FROM claw_back b JOIN meal m ON m.id = b.meal_id
    WHERE b.state = 'approved' AND ${during('b.decided_at')} AND m.point_id IN (?)`),
  inStreet(`SELECT id, 'payment-undo', NULL, NULL, asked_by, decided_by FROM payment_undo WHERE state = 'done' AND ${during('decided_at')} AND street_id = (${STREET_OF})`),
  inStreet(`SELECT id, 'own-part', NULL, NULL, drafted_by, paid_by FROM own_part_settlement WHERE ${during('paid_at')} AND street_id = (${STREET_OF})`),
  inStreet(`SELECT id, 'contractor-rate', NULL, NULL, proposed_by, decided_by FROM contractor_rate_change
    WHERE state = 'approved' AND decided_by IS NOT NULL AND ${during('decided_at')} AND street_id = (${STREET_OF})`),
  ...ADVANCE_HALVES.map(([one, other]) => inStreet(
    `SELECT CONCAT(id, '-${one}-${other}'), 'advance', NULL, NULL, ${one}_by, ${other}_by FROM advance_request
     WHERE ${one}_by IS NOT NULL AND ${other}_by IS NOT NULL AND ${during(`${other}_at`)} AND street_id = (${STREET_OF})`)),
  inStreet(`SELECT id, 'receipt', point_id, NULL, recorded_by, decided_by FROM transit_receipt
    WHERE state = 'recorded' AND decided_by IS NOT NULL AND ${during('decided_at')} AND street_id = (${STREET_OF})`),
];

/**
 * Acts of a day that need two people, with the accounts of both halves; what was refused is left out.
 *
 * @param pointIds the points of one street, at least one
 * @param span the instants between which the day lies
 */
export async function dutiesOf(tx: EntityManager, pointIds: readonly string[], day: BusinessDay, [from, to]: readonly [Date, Date]): Promise<DutyAct[]> {
  const loads = `SELECT l.id, 'load', l.point_id, NULL, l.sealed_by, l.accepted_by FROM portion_load l
    WHERE l.business_day = ? AND l.point_id IN (?) AND l.sealed_by IS NOT NULL AND l.accepted_by IS NOT NULL`;
  return tx.query<DutyAct[]>(
    [...READS.map(({ sql }) => sql), loads].join(' UNION ALL '),
    [...READS.flatMap(({ by }) => [from, to, by === 'points' ? pointIds : pointIds[0]]), day, pointIds],
  );
}
