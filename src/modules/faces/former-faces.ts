import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { modelInUse } from '../../contract/faces.js';
import type { P256PublicKey } from '../../contract/devices.js';
import { templateBoxInfo } from '../../contract/gallery-keys.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { writeDescriptor } from './descriptor-codec.js';
import { FaceModels } from './face-models.js';
import { GalleryChanges } from './gallery-changes.js';
import { sealBox } from './seal-box.js';
import { TemplateVault } from './template-vault.js';

const DAY_MS = 86_400_000;
const KEPT = 'enrolment_id, person_code, point_id, roaming, model_id, key_id, template_cipher, sealed_key_id, sealed_box, quality, created_at';

/** One earlier sitting of a person, without its templates. */
export interface FormerFace {
  readonly enrolmentId: string;
  readonly enrolledAt: Date;
  readonly replacedAt: Date;
  readonly keepUntil: Date;
  readonly quality: number;
  /** Whether it can still be put back: a device or the server opens it, and kiosks compare with its model. */
  readonly usable: boolean;
}

interface FormerRow {
  id: string; enrolmentId: string; personCode: string; modelId: string; roaming: number; cipher: Buffer | null; sealedKeyId: string | null;
  quality: number; createdAt: Date; replacedAt: Date; keepUntil: Date; held: number;
}

/** A box counts while a device that is in use holds its key: nobody else could close it to the present one. */
const ROWS_SQL = `SELECT f.id, f.enrolment_id AS enrolmentId, f.person_code AS personCode, f.model_id AS modelId, f.roaming, f.template_cipher AS cipher,
    f.sealed_key_id AS sealedKeyId, f.quality, f.created_at AS createdAt, f.replaced_at AS replacedAt, f.keep_until AS keepUntil,
    EXISTS (SELECT 1 FROM gallery_key_copy c JOIN device d ON d.id = c.holder WHERE c.key_id = f.sealed_key_id AND d.status = 'active') AS held
  FROM former_face f WHERE f.person_code = ? AND f.point_id = ? AND f.keep_until > ?`;

/**
 * The templates that others took the place of, for as long as street and consent allow: sealed as they were, told to no
 * device and compared with nothing. They serve one end, to be put back when an enrolment turns out to be wrong.
 */
@Injectable()
export class FormerFaces {
  constructor(
    private readonly dataSource: DataSource, private readonly vault: TemplateVault, private readonly models: FaceModels, private readonly changes: GalleryChanges,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes away every present template of the person at the point and keeps them for `days`; 0: not at all. Those by another
   * model too: they may show somebody else, whom a kiosk that still runs that model would go on taking for the person.
   */
  async setAside(tx: EntityManager, of: { personCode: string; pointId: string; days: number }): Promise<void> {
    const which = 'person_code = ? AND point_id = ?';
    const now = this.clock.now();
    const these = [of.personCode, of.pointId];
    if (of.days > 0) {
      await tx.query(
        `INSERT INTO former_face (id, ${KEPT}, replaced_at, keep_until) SELECT id, COALESCE(enrolment_id, id), ${KEPT.replace('enrolment_id, ', '')}, ?, ? FROM face_template WHERE ${which}`,
        [now, new Date(now.getTime() + of.days * DAY_MS), ...these],
      );
    }
    await tx.query(`DELETE FROM face_template WHERE ${which}`, these);
  }

  /** Deletes all that is kept of a person, or all but that of one point. @returns templates deleted */
  async forget(tx: EntityManager, personCode: string, exceptPointId = ''): Promise<number> {
    return affectedRows(await tx.query('DELETE FROM former_face WHERE person_code = ? AND point_id <> ?', [personCode, exceptPointId]));
  }

  /** At the end of roaming the server's copy goes where the devices have one of their own. */
  async endRoaming(tx: EntityManager, personCode: string): Promise<void> {
    await tx.query('UPDATE former_face SET template_cipher = NULL, key_id = NULL WHERE person_code = ? AND sealed_box IS NOT NULL', [personCode]);
  }

  /** What is kept of a person at the point, latest first. */
  async list(personCode: string, pointId: string, tx: EntityManager = this.dataSource.manager): Promise<FormerFace[]> {
    const rows = await tx.query<FormerRow[]>(`${ROWS_SQL} ORDER BY f.replaced_at DESC, f.id`, [personCode, pointId, this.clock.now()]);
    const inUse = modelInUse(await this.models.all()).id;
    return [...new Set(rows.map(({ enrolmentId }) => enrolmentId))].map((enrolmentId) => {
      const own = rows.filter((row) => row.enrolmentId === enrolmentId);
      const [first] = own as [FormerRow];
      return {
        enrolmentId, enrolledAt: first.createdAt, replacedAt: first.replacedAt, keepUntil: first.keepUntil,
        quality: Math.min(...own.map(({ quality }) => quality)), usable: own.every(opens) && own.some(({ modelId }) => modelId === inUse),
      };
    });
  }

  /**
   * Puts the templates of an earlier sitting back in place of the present ones, which are kept in their turn.
   *
   * @param of `days`: how long what is there now is kept; `roaming`: whether a consent allows the server a copy today
   * @throws DomainError FACE.FORMER_GONE, FACE.FORMER_CLOSED where nobody can open it any more or no kiosk compares with its model
   */
  async restore(tx: EntityManager, of: { personCode: string; pointId: string; enrolmentId: string; roaming: boolean; days: number }): Promise<void> {
    // Before a device that closes templates to the present key takes the former key away.
    const [key] = await tx.query<{ keyId: string; jwk: string }[]>('SELECT id AS keyId, public_key_jwk AS jwk FROM gallery_key WHERE point_id = ? AND active = 1 FOR UPDATE', [of.pointId]);
    const rows = await tx.query<FormerRow[]>(`${ROWS_SQL} AND f.enrolment_id = ? FOR UPDATE`, [of.personCode, of.pointId, this.clock.now(), of.enrolmentId]);
    if (rows.length === 0) throw new DomainError('FACE.FORMER_GONE', 'conflict');
    const inUse = modelInUse(await this.models.all(tx)).id;
    if (!rows.every(opens) || !rows.some(({ modelId }) => modelId === inUse)) throw new DomainError('FACE.FORMER_CLOSED', 'refused');
    await this.setAside(tx, of);
    const to = key === undefined ? null : { pointId: of.pointId, keyId: key.keyId, publicKey: JSON.parse(key.jwk) as P256PublicKey };
    for (const row of rows) {
      if (Number(row.held) === 0 && to !== null) await this.close(tx, row, to);
      await tx.query(`INSERT INTO face_template (id, ${KEPT}) SELECT ?, ${KEPT} FROM former_face WHERE id = ?`, [newId(), row.id]);
      await tx.query('DELETE FROM former_face WHERE id = ?', [row.id]);
    }
    await tx.query(
      'UPDATE face_template SET roaming = ?, key_id = IF(roaming = 1 OR sealed_box IS NULL, key_id, NULL), template_cipher = IF(roaming = 1 OR sealed_box IS NULL, template_cipher, NULL) WHERE person_code = ?',
      [of.roaming ? 1 : 0, of.personCode],
    );
    if (to !== null) await this.closeAll(tx, to);
    await this.changes.append(tx, { pointId: of.pointId, personCode: of.personCode, kind: 'put' });
  }

  /** Where a point has a gallery key, what the server still opens is closed to it, like everything that comes from then on. */
  async closeAll(tx: EntityManager, to: { pointId: string; keyId: string; publicKey: P256PublicKey }): Promise<void> {
    const rows = await tx.query<FormerRow[]>(
      `SELECT id, person_code AS personCode, model_id AS modelId, roaming, template_cipher AS cipher FROM former_face WHERE point_id = ? AND sealed_box IS NULL FOR UPDATE`, [to.pointId],
    );
    for (const row of rows) await this.close(tx, row, to);
  }

  /** What was closed to a key that is given up is gone, but for those of which the server has a copy. */
  async abandon(tx: EntityManager, keyId: string): Promise<void> {
    await tx.query('DELETE FROM former_face WHERE sealed_key_id = ? AND template_cipher IS NULL', [keyId]);
    await tx.query('UPDATE former_face SET sealed_key_id = NULL, sealed_box = NULL WHERE sealed_key_id = ?', [keyId]);
  }

  /** Deletes what is over its term, also where the street has shortened it since. @returns templates deleted */
  async purge(tx: EntityManager, streetId: string, days: number): Promise<number> {
    const now = this.clock.now();
    return affectedRows(await tx.query(
      `DELETE f FROM former_face f JOIN point p ON p.id = f.point_id JOIN community c ON c.id = p.community_id
       WHERE c.street_id = ? AND (f.keep_until <= ? OR f.replaced_at <= ?)`, [streetId, now, new Date(now.getTime() - days * DAY_MS)],
    ));
  }

  private async close(tx: EntityManager, { id, personCode, modelId, roaming, cipher }: FormerRow, { pointId, keyId, publicKey }: { pointId: string; keyId: string; publicKey: P256PublicKey }): Promise<void> {
    if (cipher === null) return;
    const text = writeDescriptor(this.vault.unseal(personCode, cipher)).toString('base64');
    const box = sealBox(publicKey, text, templateBoxInfo({ pointId, keyId, personCode, modelId }));
    await tx.query(
      'UPDATE former_face SET sealed_key_id = ?, sealed_box = ?, key_id = IF(?, key_id, NULL), template_cipher = IF(?, template_cipher, NULL) WHERE id = ?',
      [keyId, JSON.stringify(box), roaming, roaming, id],
    );
  }
}

const opens = ({ cipher, held }: FormerRow): boolean => cipher !== null || Number(held) === 1;
