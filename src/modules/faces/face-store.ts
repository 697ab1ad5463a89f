import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { UnitVector } from '../../domain/identity/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { newId } from '../../infra/ids.js';
import { GalleryChanges } from './gallery-changes.js';
import { TemplateVault } from './template-vault.js';

/** A template as it is kept: whose, where its consent holds, by which model. */
export interface StoredFace {
  readonly personCode: string;
  readonly pointId: string;
  readonly roaming: boolean;
  readonly modelId: string;
  readonly quality: number;
  readonly createdAt: Date;
}

export interface NewFace extends Omit<StoredFace, 'createdAt'> {
  readonly template: UnitVector;
}

/** Which people have a face here, where and by which model. Templates go in; they never come out by this door. */
@Injectable()
export class FaceStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: TemplateVault,
    private readonly clock: Clock,
    private readonly changes: GalleryChanges,
  ) {}

  /**
   * Keeps a template in place of any earlier one of this person by the same model, and tells the kiosks concerned. One by
   * another model stays beside it for the kiosks that still run that; after a change of point nothing earlier stays.
   */
  async put(tx: EntityManager, face: NewFace): Promise<void> {
    const earlier = await this.find(face.personCode, tx);
    const moved = earlier !== null && earlier.pointId !== face.pointId;
    if (moved) {
      await this.changes.append(tx, { pointId: earlier.pointId, personCode: face.personCode, kind: 'remove' });
    }
    await tx.query('DELETE FROM face_template WHERE person_code = ? AND (model_id = ? OR point_id <> ?)', [face.personCode, face.modelId, face.pointId]);
    const { keyId, cipher } = this.vault.seal(face.personCode, face.template);
    await tx.query(
      `INSERT INTO face_template (id, person_code, point_id, roaming, model_id, key_id, template_cipher, quality, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [newId(), face.personCode, face.pointId, face.roaming ? 1 : 0, face.modelId, keyId, cipher, face.quality,
        this.clock.now()],
    );
    await this.changes.append(tx, { pointId: face.pointId, personCode: face.personCode, kind: 'put' });
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

  /** Allows or ends comparison at other points; the kiosks of the own point are not concerned. */
  async setRoaming(tx: EntityManager, personCode: string, roaming: boolean): Promise<void> {
    await tx.query('UPDATE face_template SET roaming = ? WHERE person_code = ?', [roaming ? 1 : 0, personCode]);
  }

  /** What is known about a person's template, without the template. */
  async find(personCode: string, tx: EntityManager = this.dataSource.manager): Promise<StoredFace | null> {
    const [row] = await tx.query<(Omit<StoredFace, 'roaming'> & { roaming: number })[]>(
      `SELECT person_code AS personCode, point_id AS pointId, roaming, model_id AS modelId, quality, created_at AS createdAt
       FROM face_template WHERE person_code = ? ORDER BY created_at DESC, id DESC LIMIT 1`, [personCode],
    );
    return row === undefined ? null : { ...row, roaming: row.roaming === 1 };
  }
}
