import { Injectable } from '@nestjs/common';
import { CONSENT_NOTICE_VERSION } from '../../contract/seniors.js';
import type { DemoFaceAnswer, DemoFaceRequest } from '../../contract/kiosk.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { maskName } from '../../domain/persons/index.js';
import type { StaffId } from '../../domain/kernel/ids.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { identityHashes } from '../../infra/crypto/identity-hashes.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { ChangeConsents } from './change-consents.js';
import { EnrolFace } from './enrol-face.js';

/** Telephones of the demo street's visitors, in the order of the demo camera's people. */
export const DEMO_VISITOR_PHONES = ['15400001069', '15400001084', '15400001077', '15400001102'] as const;

/** Lets a newcomer without a camera be known by the demo kiosk in one step. A real street has no such door. */
@Injectable()
export class EnrolDemoFace {
  constructor(
    private readonly config: AppConfig,
    private readonly keyring: Keyring,
    private readonly unitOfWork: UnitOfWork,
    private readonly changeConsents: ChangeConsents,
    private readonly enrolFace: EnrolFace,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside of demo mode and where the visitor does not exist; see EnrolFace */
  async execute(device: DeviceIdentity, request: DemoFaceRequest, requestId: string): Promise<DemoFaceAnswer> {
    if (!this.config.demo) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    const phone = DEMO_VISITOR_PHONES[request.visitor] ?? '';
    const [senior] = await this.unitOfWork.reader.query<{ id: string; name: string; sex: 'M' | 'F' }[]>(
      'SELECT id, name, sex FROM senior WHERE is_demo = 1 AND point_id = ? AND phone_hash = ?', [device.pointId, identityHashes.phone(this.keyring, phone)],
    );
    if (senior === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    const actor = await this.demoAdministrator(requestId);
    try {
      await this.changeConsents.give(senior.id, {
        purpose: 'face-point', givenBy: 'self', guardianName: null, guardianProof: null, noticeVersion: CONSENT_NOTICE_VERSION, readAloud: true,
      }, actor);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'CONSENT.ALREADY_GIVEN') throw error;
    }
    await this.enrolFace.execute(senior.id, { modelId: request.modelId, frames: request.frames }, actor, 'demo-kiosk');
    return { maskedName: maskName(senior.name, senior.sex) };
  }

  private async demoAdministrator(requestId: string): Promise<Actor> {
    const [row] = await this.unitOfWork.reader.query<{ id: StaffId; name: string; scopeId: string }[]>(
      "SELECT id, display_name AS name, scope_id AS scopeId FROM staff WHERE is_demo = 1 AND role = 'administrator' AND scope_kind = 'street' LIMIT 1",
    );
    if (row === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return { requestId, staff: { staffId: row.id, displayName: row.name, role: 'administrator', scopeKind: 'street', scopeId: row.scopeId } };
  }
}
