import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KioskRoamingAnswer, KioskRoamingRequest } from '../../contract/kiosk.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import { identityHashes } from '../../infra/crypto/identity-hashes.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { NoteFaceRefusals, RoamingTickets, VerifyProbe } from '../faces/index.js';
import { SeniorPins } from './senior-pins.js';

interface Candidate { seniorId: string; personCode: string; name: string; sex: Sex }

/** More people than this with the same four digits would make the comparison a search. */
const MOST_CANDIDATES = 5;

/** Lets a senior of another point be known by the face, where the senior agreed to it and typed the own digits. */
@Injectable()
export class VerifyRoamingSenior {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keyring: Keyring,
    private readonly verifyProbe: VerifyProbe,
    private readonly tickets: RoamingTickets,
    private readonly audit: AuditTrail,
    private readonly refusals: NoteFaceRefusals,
    private readonly pins: SeniorPins,
  ) {}

  /**
   * Every refusal reads the same, whether nobody has these digits, nobody agreed or the face is another's.
   *
   * @throws DomainError FACE.NOT_VERIFIED, FACE.PROBE_REPEATED, FACE.TOO_MANY_PROBES, FACE.DESCRIPTOR_INVALID
   */
  async execute(request: KioskRoamingRequest, device: DeviceIdentity): Promise<KioskRoamingAnswer> {
    const found = await this.candidates(device, request.last4);
    const candidates = found.length > MOST_CANDIDATES ? [] : found;
    try {
      const verified = await this.verifyProbe.execute({
        deviceId: device.deviceId, modelId: request.modelId, descriptor: request.descriptor,
        personCodes: candidates.map((candidate) => candidate.personCode),
      });
      const person = candidates.find((candidate) => candidate.personCode === verified?.personCode);
      if (verified === null || person === undefined) throw new DomainError('FACE.NOT_VERIFIED', 'refused');
      const proof = request.turned === true ? 'turned' : 'none';
      const asksPin = proof === 'none' && (await this.pins.holders(this.dataSource.manager, [person.seniorId])).size > 0;
      return {
        personCode: person.personCode, maskedName: maskName(person.name, person.sex),
        ticket: this.tickets.issue(device.deviceId, person.personCode, verified.riskPpm, proof), ...(asksPin ? { asksPin: true as const } : {}),
      };
    } catch (error) {
      if (error instanceof DomainError) await this.recordRefusal(device, error.code);
      throw error;
    }
  }

  /** Consenting seniors of this street, enrolled at any of its points, whose phone ends in these digits. */
  private async candidates(device: DeviceIdentity, last4: string): Promise<Candidate[]> {
    const points = await this.dataSource.query<{ id: string }[]>(
      `SELECT p.id FROM point p JOIN community c ON c.id = p.community_id WHERE c.street_id =
         (SELECT c2.street_id FROM point p2 JOIN community c2 ON c2.id = p2.community_id WHERE p2.id = ?)`, [device.pointId],
    );
    const hashes = points.map((point) => identityHashes.last4(this.keyring, point.id, last4));
    return this.dataSource.query<Candidate[]>(
      `SELECT s.id AS seniorId, s.person_code AS personCode, s.name, s.sex FROM senior s
       WHERE s.phone_last4_hash IN (${hashes.map(() => '?').join(', ')}) AND s.status = 'active'
         AND EXISTS (SELECT 1 FROM consent c WHERE c.senior_id = s.id AND c.purpose = 'face-roaming' AND c.withdrawn_at IS NULL)
         AND EXISTS (SELECT 1 FROM face_template t WHERE t.person_code = s.person_code AND t.roaming = 1)`,
      hashes,
    );
  }

  private async recordRefusal(device: DeviceIdentity, code: string): Promise<void> {
    if (code === 'FACE.PROBE_REPEATED') await this.refusals.replayed(device);
    await this.audit.record({
      actorKind: 'device', actorId: device.deviceId, action: 'face.roaming-refused', objectKind: 'device', objectId: device.deviceId,
      outcome: 'denied', detail: { code },
    });
  }
}
