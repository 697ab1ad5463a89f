import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { templateBoxInfo, type SealedTemplate } from '../../contract/gallery-keys.js';
import type { UnitVector } from '../../domain/identity/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { newId } from '../../infra/ids.js';
import { writeDescriptor } from './descriptor-codec.js';
import { GalleryChanges } from './gallery-changes.js';
import { GalleryKeyBook } from './gallery-key-book.js';
import { sealBox } from './seal-box.js';
import { TemplateVault } from './template-vault.js';

/** A template as it is kept: whose, where its consent holds, by which model. */
export interface StoredFace {
  readonly personCode: string;
  readonly pointId: string;
  readonly roaming: boolean;
  readonly modelId: string;
  readonly quality: number;
  readonly createdAt: Date;
  /** Whether the server can open it, and whether it is closed to a gallery key. */
  readonly serverCopy: boolean;
  readonly sealed: boolean;
}

/** `template`: what the server may look into; `sealed`: what it may not. One of both at least. */
export interface NewFace extends Omit<StoredFace, 'createdAt' | 'serverCopy' | 'sealed'> {
  readonly template: UnitVector | null;
  readonly sealed: SealedTemplate | null;
}

/** Which people have a face here, where and by which model. Templates go in; they never come out by this door. */
@Injectable()
export class FaceStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: TemplateVault,
    private readonly clock: Clock,
    private readonly changes: GalleryChanges,
    private readonly keys: GalleryKeyBook,
  ) {}

  /**
   * Keeps a template in place of any earlier one of this person by the same model, and tells the kiosks concerned. One by
   * another model stays beside it for the kiosks that still run that; after a change of point nothing earlier stays. Where
   * the point has a gallery key, what comes open is closed to it here and kept open only for roaming.
   *
   * @throws DomainError FACE.KEY_CHANGED for a template that is closed to another key than the point's
   */
  async put(tx: EntityManager, face: NewFace): Promise<void> {
    const earlier = await this.find(face.personCode, tx);
    const moved = earlier !== null && earlier.pointId !== face.pointId;
    if (moved) {
      await this.changes.append(tx, { pointId: earlier.pointId, personCode: face.personCode, kind: 'remove' });
    }
    await tx.query('DELETE FROM face_template WHERE person_code = ? AND (model_id = ? OR point_id <> ?)', [face.personCode, face.modelId, face.pointId]);
    const sealed = await this.sealedFor(tx, face);
    const own = face.template !== null && (face.roaming || sealed === null) ? this.vault.seal(face.personCode, face.template) : null;
    await tx.query(
      `INSERT INTO face_template (id, person_code, point_id, roaming, model_id, key_id, template_cipher, sealed_key_id, sealed_box, quality, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [newId(), face.personCode, face.pointId, face.roaming ? 1 : 0, face.modelId, own?.keyId ?? null, own?.cipher ?? null,
        sealed?.keyId ?? null, sealed === null ? null : JSON.stringify(sealed.box), face.quality, this.clock.now()],
    );
    await this.changes.append(tx, { pointId: face.pointId, personCode: face.personCode, kind: 'put' });
  }

  private async sealedFor(tx: EntityManager, face: NewFace): Promise<SealedTemplate | null> {
    const key = await this.keys.current(tx, face.pointId);
    if (face.sealed !== null) {
      if (face.sealed.keyId !== key?.keyId) throw new DomainError('FACE.KEY_CHANGED', 'conflict');
      return face.sealed;
    }
    if (key === null || face.template === null) return null;
    const text = writeDescriptor(face.template).toString('base64');
    return { keyId: key.keyId, box: sealBox(key.publicKey, text, templateBoxInfo({ pointId: face.pointId, keyId: key.keyId, personCode: face.personCode, modelId: face.modelId })) };
  }

  /** Deletes every template of the person and tells the kiosks. @returns whether there was one */
  async forget(tx: EntityManager, personCode: string): Promise<boolean> {
    const points = await tx.query<{ point_id: string }[]>(
      'SELECT DISTINCT point_id FROM face_template WHERE person_code = ? FOR UPDATE', [personCode],
    );
    await tx.query('DELETE FROM face_template WHERE person_code = ?', [personCode]);
    for (const { point_id: pointId } of points) await this.changes.append(tx, { pointId, personCode, kind: 'remove' });
    return points.length > 0;
  }

  /**
   * Allows or ends comparison at other points; the kiosks of the own point are not concerned. At the end the server's copy
   * goes where the devices have one of their own; where the devices alone have one, a new capture makes the server's.
   */
  async setRoaming(tx: EntityManager, personCode: string, roaming: boolean): Promise<void> {
    await tx.query('UPDATE face_template SET roaming = ? WHERE person_code = ?', [roaming ? 1 : 0, personCode]);
    if (!roaming) await tx.query('UPDATE face_template SET template_cipher = NULL, key_id = NULL WHERE person_code = ? AND sealed_box IS NOT NULL', [personCode]);
  }

  /** What is known about a person's template, without the template. */
  async find(personCode: string, tx: EntityManager = this.dataSource.manager): Promise<StoredFace | null> {
    const [row] = await tx.query<(Omit<StoredFace, 'roaming' | 'serverCopy' | 'sealed'> & { roaming: number; serverCopy: number; sealed: number })[]>(
      `SELECT person_code AS personCode, point_id AS pointId, roaming, model_id AS modelId, quality, created_at AS createdAt,
         (template_cipher IS NOT NULL) AS serverCopy, (sealed_box IS NOT NULL) AS sealed
       FROM face_template WHERE person_code = ? ORDER BY created_at DESC, id DESC LIMIT 1`, [personCode],
    );
    return row === undefined ? null : { ...row, roaming: row.roaming === 1, serverCopy: Number(row.serverCopy) === 1, sealed: Number(row.sealed) === 1 };
  }
}
