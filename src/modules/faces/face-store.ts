import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { templateBoxInfo, type SealedTemplate } from '../../contract/gallery-keys.js';
import type { UnitVector } from '../../domain/identity/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { newId } from '../../infra/ids.js';
import { writeDescriptor } from './descriptor-codec.js';
import { FormerFaces } from './former-faces.js';
import { GalleryChanges } from './gallery-changes.js';
import { GalleryKeyBook, type CurrentKey } from './gallery-key-book.js';
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

/** One sitting by one model. `template`: what the server may look into; `sealed`: what it may not. One of both at least. */
export interface NewTemplate {
  readonly modelId: string;
  readonly quality: number;
  readonly template: UnitVector | null;
  readonly sealed: SealedTemplate | null;
}

/** One sitting of a person: a template of each model that was captured. */
export interface NewEnrolment extends Pick<StoredFace, 'personCode' | 'pointId' | 'roaming'> {
  readonly templates: readonly NewTemplate[];
  /** How long the templates that these take the place of are kept; 0: not at all. */
  readonly formerDays: number;
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
    private readonly former: FormerFaces,
  ) {}

  /**
   * Keeps the templates of one sitting in place of all earlier ones of this person, whatever their model, and tells the kiosks
   * concerned once; the earlier ones are kept for their term, after a change of point nothing of them. Where the point has a gallery key, what comes open is closed to it here and kept open only for roaming.
   *
   * @throws DomainError FACE.KEY_CHANGED for a template that is closed to another key than the point's
   */
  async put(tx: EntityManager, enrolment: NewEnrolment): Promise<void> {
    const { personCode, pointId, templates, formerDays } = enrolment;
    const earlier = await this.find(personCode, tx);
    if (earlier !== null && earlier.pointId !== pointId) {
      await this.changes.append(tx, { pointId: earlier.pointId, personCode, kind: 'remove' });
    }
    await tx.query('DELETE FROM face_template WHERE person_code = ? AND point_id <> ?', [personCode, pointId]);
    await this.former.forget(tx, personCode, pointId);
    await this.former.setAside(tx, { personCode, pointId, days: formerDays });
    const enrolmentId = newId<string>();
    const key = await this.keys.current(tx, pointId);
    if (key !== null) await this.former.closeAll(tx, { pointId, keyId: key.keyId, publicKey: key.publicKey });
    for (const template of templates) await this.insert(tx, { ...enrolment, enrolmentId }, template, sealedFor(enrolment, template, key));
    await this.changes.append(tx, { pointId, personCode, kind: 'put' });
  }

  private async insert(tx: EntityManager, of: NewEnrolment & { enrolmentId: string }, { modelId, template, quality }: NewTemplate, sealed: SealedTemplate | null): Promise<void> {
    const own = template !== null && (of.roaming || sealed === null) ? this.vault.seal(of.personCode, template) : null;
    await tx.query(
      `INSERT INTO face_template (id, enrolment_id, person_code, point_id, roaming, model_id, key_id, template_cipher, sealed_key_id, sealed_box, quality, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [newId(), of.enrolmentId, of.personCode, of.pointId, of.roaming ? 1 : 0, modelId, own?.keyId ?? null, own?.cipher ?? null,
        sealed?.keyId ?? null, sealed === null ? null : JSON.stringify(sealed.box), quality, this.clock.now()],
    );
  }

  /** Deletes every template of the person, the former ones too, and tells the kiosks. @returns how many former ones there were */
  async forget(tx: EntityManager, personCode: string): Promise<number> {
    const points = await tx.query<{ point_id: string }[]>(
      'SELECT DISTINCT point_id FROM face_template WHERE person_code = ? FOR UPDATE', [personCode],
    );
    await tx.query('DELETE FROM face_template WHERE person_code = ?', [personCode]);
    for (const { point_id: pointId } of points) await this.changes.append(tx, { pointId, personCode, kind: 'remove' });
    return this.former.forget(tx, personCode);
  }

  /** Tells the kiosks anew by which name the person is to be asked for. */
  async retell(tx: EntityManager, personCode: string): Promise<void> {
    const points = await tx.query<{ pointId: string }[]>('SELECT DISTINCT point_id AS pointId FROM face_template WHERE person_code = ? FOR UPDATE', [personCode]);
    for (const { pointId } of points) await this.changes.append(tx, { pointId, personCode, kind: 'put' });
  }

  /**
   * Allows or ends comparison at other points; the kiosks of the own point are not concerned. At the end the server's copy
   * goes where the devices have one of their own; where the devices alone have one, a new capture makes the server's.
   */
  async setRoaming(tx: EntityManager, personCode: string, roaming: boolean): Promise<void> {
    await tx.query('UPDATE face_template SET roaming = ? WHERE person_code = ?', [roaming ? 1 : 0, personCode]);
    if (!roaming) await tx.query('UPDATE face_template SET template_cipher = NULL, key_id = NULL WHERE person_code = ? AND sealed_box IS NOT NULL', [personCode]);
    if (!roaming) await this.former.endRoaming(tx, personCode);
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

/** What the devices open: as it came, or closed here to the point's key. */
function sealedFor({ personCode, pointId }: NewEnrolment, { modelId, template, sealed }: NewTemplate, key: CurrentKey | null): SealedTemplate | null {
  if (sealed !== null) {
    if (sealed.keyId !== key?.keyId) throw new DomainError('FACE.KEY_CHANGED', 'conflict');
    return sealed;
  }
  if (key === null || template === null) return null;
  const text = writeDescriptor(template).toString('base64');
  return { keyId: key.keyId, box: sealBox(key.publicKey, text, templateBoxInfo({ pointId, keyId: key.keyId, personCode, modelId })) };
}
