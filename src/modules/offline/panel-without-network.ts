import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { P256PublicKey, SealedBox } from '../../contract/devices.js';
import { PANEL_BOX_INFO, type PanelActsAnswer, type PanelActsRequest, type PanelKeys } from '../../contract/kiosk-panel.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { signAsServer } from '../../infra/crypto/server-signature.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { AttendantPins } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { sealBox } from '../faces/index.js';

/** A line that is dead for longer than a long weekend: by then somebody has come with a phone. */
const VALID_MS = 4 * 24 * 3_600_000;

const ACTIONS = {
  opened: 'kiosk-panel.opened-offline', refused: 'kiosk-panel.refused-offline', locked: 'kiosk-panel.locked', freed: 'kiosk-panel.freed',
} as const;

type Act = PanelActsRequest['acts'][number];

/** Lets attendants open the panel of a kiosk whose line is dead, and takes in what they did there. */
@Injectable()
export class PanelWithoutNetwork {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly pins: AttendantPins, private readonly keyring: Keyring,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Signed, and sealed to this device: who works at its point now and has a number that was drawn for it. */
  async keys(device: DeviceIdentity): Promise<SealedBox> {
    const tx = this.unitOfWork.reader;
    const [self] = await tx.query<{ sealingKey: string }[]>('SELECT sealing_key_jwk AS sealingKey FROM device WHERE id = ?', [device.deviceId]);
    if (self === undefined) throw new InvariantError('a device signed that is not on record');
    const issuedAtMs = this.clock.now().getTime();
    const keys: PanelKeys = {
      v: 1, deviceId: device.deviceId, pointId: device.pointId, issuedAtMs, validUntilMs: issuedAtMs + VALID_MS, attendants: await this.pins.verifiers(tx, device.pointId),
    };
    const text = JSON.stringify(keys);
    return sealBox(JSON.parse(self.sealingKey) as P256PublicKey, JSON.stringify({ text, signature: signAsServer(this.keyring, text) }), PANEL_BOX_INFO);
  }

  /** Keeps each act once, with a line for the audit; one that comes again is answered like the first time. */
  async take(device: DeviceIdentity, { acts }: PanelActsRequest): Promise<PanelActsAnswer> {
    await this.unitOfWork.run(async (tx) => {
      for (const act of acts) await this.keep(tx, device, act);
    });
    return { kept: acts.map(({ id }) => id) };
  }

  private async keep(tx: EntityManager, { deviceId, pointId }: DeviceIdentity, { id, madeAs, act, staffId, atMs }: Act): Promise<void> {
    const before = await tx.query<unknown[]>('SELECT 1 FROM kiosk_panel_act WHERE device_id = ? AND id = ?', [deviceId, id]);
    if (before.length > 0) return;
    await tx.query(
      'INSERT INTO kiosk_panel_act (device_id, id, made_as, act, staff_id, acted_at, received_at) VALUES (?)', [[deviceId, id, madeAs, act, staffId, new Date(atMs), this.clock.now()]],
    );
    const [known] = staffId === null ? [] : await tx.query<unknown[]>("SELECT 1 FROM staff WHERE id = ? AND scope_kind = 'point' AND scope_id = ?", [staffId, pointId]);
    // The device is who says so: the server has not seen the number.
    await this.audit.record({
      actorKind: 'device', actorId: deviceId, action: ACTIONS[act], objectKind: 'staff', objectId: staffId, outcome: act === 'refused' ? 'denied' : 'done',
      detail: { actedAt: new Date(atMs).toISOString(), madeAs, ofThisPoint: known !== undefined },
    }, tx);
  }
}
