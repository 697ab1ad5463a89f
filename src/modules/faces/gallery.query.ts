import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { P256PublicKey, SealedBox } from '../../contract/devices.js';
import { modelInUse, type GalleryContent, type GalleryQuery as GalleryRequest } from '../../contract/faces.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { writeDescriptor } from './descriptor-codec.js';
import { FaceModels } from './face-models.js';
import { RecognitionSettings } from './recognition-settings.js';
import { SightingContextQuery } from './sighting-context.query.js';
import { TemplateVault } from './template-vault.js';

interface Member { personCode: string; name: string; sex: Sex; version: string; sealedKeyId: string | null; sealedBox: string | null }

/** A template, its standing consent for the very point, and a person who has not moved away or died: all three, always. */
const MEMBERS_SQL = `SELECT t.person_code AS personCode, s.name, s.sex, t.id AS version, t.sealed_key_id AS sealedKeyId, t.sealed_box AS sealedBox
  FROM face_template t JOIN senior s ON s.person_code = t.person_code
  WHERE t.point_id = ? AND t.model_id = ? AND s.status IN ('active', 'suspended')
    AND EXISTS (SELECT 1 FROM consent c WHERE c.senior_id = s.id AND c.purpose = 'face-point'
      AND c.point_id = t.point_id AND c.withdrawn_at IS NULL)`;

/** What a device has to know of its point's faces. */
@Injectable()
export class GalleryQuery {
  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: TemplateVault,
    private readonly settings: RecognitionSettings,
    private readonly context: SightingContextQuery,
    private readonly models: FaceModels,
  ) {}

  /**
   * The changes after `after`; all of the gallery for 0, and for a number that was never given out here (a restored
   * backup): its answer then carries a smaller `seq`, at which the device starts over.
   */
  async contentFor(device: DeviceIdentity, { after, model: modelId, sealed: opensSealed }: GalleryRequest): Promise<GalleryContent> {
    const [head] = await this.dataSource.query<{ seq: string | number }[]>('SELECT seq FROM gallery_head WHERE point_id = ?', [device.pointId]);
    const seq = Number(head?.seq ?? 0);
    await this.noteModel(device, modelId);
    const whole = after === 0 || after > seq;
    const changed = whole ? null : await this.changedPeople(device.pointId, after, seq);
    const members = await this.members(device.pointId, modelId, changed);
    const templates = await this.vault.open(members.map((member) => member.personCode), { modelId, roamingOnly: false });
    const put = members.flatMap((member) => {
      const template = templates.get(member.personCode);
      const sealed = opensSealed === undefined ? null : sealedOf(member);
      // Withdrawn between two reads: the removal comes with the next number.
      if (template === undefined && sealed === null) return [];
      return [{
        personCode: member.personCode, maskedName: maskName(member.name, member.sex), version: member.version,
        ...(template === undefined ? {} : { descriptor: writeDescriptor(template).toString('base64') }), ...(sealed === null ? {} : { sealed }),
      }];
    });
    const present = new Set(put.map((one) => one.personCode));
    const remove = (changed ?? []).filter((personCode) => !present.has(personCode));
    const settings = await this.settings.current(modelId);
    const inUse = modelInUse(await this.models.all()).id;
    return { seq, modelId, modelInUse: inUse, settings, put, remove, ...await this.context.of(device.pointId, modelId, settings) };
  }

  /** The key to which this device's box is sealed. */
  async sealingKeyOf(device: DeviceIdentity): Promise<P256PublicKey> {
    const [row] = await this.dataSource.query<{ sealing_key_jwk: string }[]>('SELECT sealing_key_jwk FROM device WHERE id = ?', [device.deviceId]);
    if (row === undefined) throw new InvariantError('a device signed that is not on record');
    return JSON.parse(row.sealing_key_jwk) as P256PublicKey;
  }

  /** Which model a device runs shows in what it asks for; written where that has changed. */
  private async noteModel(device: DeviceIdentity, modelId: string): Promise<void> {
    await this.dataSource.query('UPDATE device SET face_model = ? WHERE id = ? AND NOT (face_model <=> ?)', [modelId, device.deviceId, modelId]);
  }

  private async changedPeople(pointId: string, after: number, seq: number): Promise<string[]> {
    const rows = await this.dataSource.query<{ personCode: string }[]>(
      'SELECT DISTINCT person_code AS personCode FROM gallery_change WHERE point_id = ? AND seq > ? AND seq <= ?', [pointId, after, seq],
    );
    return rows.map((row) => row.personCode);
  }

  private async members(pointId: string, modelId: string, only: readonly string[] | null): Promise<Member[]> {
    if (only !== null && only.length === 0) return [];
    const among = only === null ? '' : ` AND t.person_code IN (${only.map(() => '?').join(', ')})`;
    return this.dataSource.query<Member[]>(`${MEMBERS_SQL}${among}`, [pointId, modelId, ...(only ?? [])]);
  }
}

const sealedOf = ({ sealedKeyId, sealedBox }: Member): { keyId: string; box: SealedBox } | null => (
  sealedKeyId === null || sealedBox === null ? null : { keyId: sealedKeyId, box: JSON.parse(sealedBox) as SealedBox }
);
