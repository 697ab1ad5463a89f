import { Injectable } from '@nestjs/common';
import { pbkdf2, randomBytes, randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import type { EntityManager } from 'typeorm';
import { panelNumberText, panelVerifier, PIN_DIGITS, type PanelNumberState, type PanelVerifier } from '../../contract/kiosk-panel.js';
import { businessDayOf } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { hashPassword, passwordMatches } from './passwords.js';

/** A point has a few attendants; more tries than this mean that something else is wrong. */
const DRAWS = 20;

/** PBKDF2-SHA256 as OWASP's password storage sheet asks for; a browser has no slower digest. */
const ITERATIONS = 600_000;
const derive = promisify(pbkdf2);

/** The numbers by which attendants open the panels of their point's kiosks. */
@Injectable()
export class AttendantPins {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** A new number for an attendant, different from those of the point's others, so that it names one person. */
  async draw(staff: StaffIdentity): Promise<{ pin: string }> {
    return this.unitOfWork.run(async (tx) => {
      const pointId = staff.scopeId as PointId;
      const pin = await this.unused(tx, pointId);
      const drawnAt = this.clock.now();
      const verifier = await verifierOf(pin, { pointId, drawnOn: businessDayOf(drawnAt) });
      await tx.query('REPLACE INTO staff_pin (staff_id, pin_hash, drawn_at, kiosk_verifier) VALUES (?, ?, ?, ?)', [staff.staffId, await hashPassword(pin), drawnAt, JSON.stringify(verifier)]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'kiosk-pin.drawn', objectKind: 'staff', objectId: staff.staffId, outcome: 'done' }, tx);
      return { pin };
    });
  }

  /** Whose number this is among the attendants who work at this point now; nobody's: null. */
  async ownerOf(tx: EntityManager, pointId: PointId, pin: string): Promise<{ staffId: string; name: string } | null> {
    const attendants = await tx.query<{ staffId: string; name: string; pinHash: string }[]>(
      `SELECT s.id AS staffId, s.display_name AS name, p.pin_hash AS pinHash FROM staff s JOIN staff_pin p ON p.staff_id = s.id
       WHERE s.role = 'attendant' AND s.scope_kind = 'point' AND s.scope_id = ? AND s.active = 1 ORDER BY s.id`, [pointId],
    );
    for (const { staffId, name, pinHash } of attendants) if (await passwordMatches(pin, pinHash)) return { staffId, name };
    return null;
  }

  /** By what a kiosk of this point knows the numbers of those who work here now. */
  async verifiers(tx: EntityManager, pointId: PointId): Promise<{ staffId: string; name: string; verifier: PanelVerifier }[]> {
    const rows = await tx.query<{ staffId: string; name: string; verifier: unknown }[]>(
      `SELECT s.id AS staffId, s.display_name AS name, p.kiosk_verifier AS verifier FROM staff s JOIN staff_pin p ON p.staff_id = s.id
       WHERE s.role = 'attendant' AND s.scope_kind = 'point' AND s.scope_id = ? AND s.active = 1 AND p.kiosk_verifier IS NOT NULL ORDER BY s.id`, [pointId],
    );
    return rows.flatMap((row) => {
      // One that cannot be read closes the panel to nobody else.
      const verifier = usableAt(pointId, row.verifier);
      return verifier === null ? [] : [{ ...row, verifier }];
    });
  }

  /** Whether the number of this attendant opens the kiosks of the own point without network. */
  async stateOf({ staffId, scopeId }: Pick<StaffIdentity, 'staffId' | 'scopeId'>): Promise<PanelNumberState> {
    const [row] = await this.unitOfWork.reader.query<{ verifier: unknown }[]>('SELECT kiosk_verifier AS verifier FROM staff_pin WHERE staff_id = ?', [staffId]);
    return panelNumberStateOf(scopeId, row);
  }

  /** Gives a number that was drawn before kiosks knew any by themselves its verifier, when it is used. */
  async complete(staffId: string, pointId: PointId, pin: string): Promise<void> {
    const [row] = await this.unitOfWork.reader.query<{ drawnAt: Date }[]>('SELECT drawn_at AS drawnAt FROM staff_pin WHERE staff_id = ? AND kiosk_verifier IS NULL', [staffId]);
    if (row === undefined) return;
    const verifier = await verifierOf(pin, { pointId, drawnOn: businessDayOf(row.drawnAt) });
    await this.unitOfWork.reader.query(
      'UPDATE staff_pin SET kiosk_verifier = ? WHERE staff_id = ? AND drawn_at = ? AND kiosk_verifier IS NULL', [JSON.stringify(verifier), staffId, row.drawnAt],
    );
  }

  private async unused(tx: EntityManager, pointId: PointId): Promise<string> {
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const pin = String(randomInt(10 ** PIN_DIGITS)).padStart(PIN_DIGITS, '0');
      if (await this.ownerOf(tx, pointId, pin) === null) return pin;
    }
    throw new InvariantError('no number is left');
  }
}

/** What a kiosk of this point can use; one that was drawn while working elsewhere is not this point's. */
function usableAt(pointId: string, stored: unknown): PanelVerifier | null {
  const { data: verifier } = panelVerifier.safeParse(parseJson(stored));
  return verifier?.pointId === pointId ? verifier : null;
}

/** What has become of a number that was drawn; `drawn` is undefined where none was. */
export function panelNumberStateOf(pointId: string, drawn: { readonly verifier: unknown } | undefined): PanelNumberState {
  if (drawn === undefined) return 'none';
  if (drawn.verifier === null) return 'use-once';
  return usableAt(pointId, drawn.verifier) === null ? 'draw-again' : 'ready';
}

async function verifierOf(pin: string, bound: Pick<PanelVerifier, 'pointId' | 'drawnOn'>): Promise<PanelVerifier> {
  const salt = randomBytes(16);
  const hash = await derive(panelNumberText(bound, pin), salt, ITERATIONS, 32, 'sha256');
  return { v: 1, ...bound, iterations: ITERATIONS, salt: salt.toString('base64'), hash: hash.toString('base64') };
}
