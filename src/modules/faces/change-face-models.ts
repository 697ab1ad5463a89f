import { Injectable } from '@nestjs/common';
import { modelComing, modelInUse, type ComingModelRequest, type LivenessMode } from '../../contract/faces.js';
import type { SetRiskBoundRequest } from '../../contract/risk-bound.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { AuditTrail } from '../audit/index.js';
import { FaceModels } from './face-models.js';
import { FaceModelsQuery } from './face-models.query.js';
import { RecognitionSettings } from './recognition-settings.js';

const DONE = { done: true } as const;

/** Brings another embedder in: first beside the one in use, then in its place. */
@Injectable()
export class ChangeFaceModels {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly models: FaceModels, private readonly progress: FaceModelsQuery, private readonly settings: RecognitionSettings,
    private readonly audit: AuditTrail,
  ) {}

  /** Begins the capture with a model; a former one may come back. @throws DomainError FACE.MODEL_KNOWN for the one in use */
  async begin({ model, leastShare, recognition }: ComingModelRequest, actor: Actor): Promise<typeof DONE> {
    await this.unitOfWork.run(async (tx) => {
      const all = await this.models.all(tx);
      const now = modelInUse(all);
      if (now.id === model.id) throw new DomainError('FACE.MODEL_KNOWN', 'conflict');
      const others = all.filter((one) => one.id !== model.id && one.id !== now.id).map((one) => ({ ...one, state: 'former' as const }));
      await this.models.keep(tx, [{ ...now, state: 'in-use' }, { ...model, state: 'coming' }, ...others.slice(0, 2)], leastShare);
      const { liveness, maxRiskPpm } = await this.settings.current(now.id);
      await this.settings.change(tx, model.id, { ...recognition, liveness, maxRiskPpm });
      await this.audit.record({ ...auditActor(actor), action: 'face.model-coming', objectKind: 'face-model', objectId: model.id.slice(0, 36), outcome: 'done', detail: { modelId: model.id, leastShare } }, tx);
    });
    return DONE;
  }

  /** When a head turn is asked for, by whichever model people are known: kiosks hear of it with their next look at the gallery. */
  async setLiveness(liveness: LivenessMode, actor: Actor): Promise<typeof DONE> {
    await this.unitOfWork.run(async (tx) => {
      const all = await this.models.all(tx);
      const { liveness: before } = await this.settings.current(modelInUse(all).id);
      for (const { id } of all) await this.settings.change(tx, id, { liveness });
      await this.audit.record({ ...auditActor(actor), action: 'face.liveness-set', objectKind: 'face-model', objectId: modelInUse(all).id.slice(0, 36), outcome: 'done', detail: { before, liveness } }, tx);
    });
    return DONE;
  }

  /** How often a stranger may be taken for somebody, by whichever model people are known: above it the digits are asked for. Who decided, and why, is on record. */
  async setRiskBound({ maxRiskPpm, reason }: SetRiskBoundRequest, actor: Actor): Promise<typeof DONE> {
    await this.unitOfWork.run(async (tx) => {
      const all = await this.models.all(tx);
      const { maxRiskPpm: before } = await this.settings.current(modelInUse(all).id);
      for (const { id } of all) await this.settings.change(tx, id, { maxRiskPpm });
      await this.audit.record({ ...auditActor(actor), action: 'face.risk-bound-set', objectKind: 'face-model', objectId: modelInUse(all).id.slice(0, 36), outcome: 'done', detail: { before, maxRiskPpm, reason } }, tx);
    });
    return DONE;
  }

  /**
   * Kiosks change to the coming model; the former one stays beside it. Whoever was not captured again pays another way
   * until then.
   *
   * @throws DomainError FACE.NO_COMING_MODEL, FACE.SWITCH_TOO_EARLY below the share that was set
   */
  async switchOver(actor: Actor): Promise<typeof DONE> {
    const [{ people, withComing }, leastShare] = await Promise.all([this.progress.whole(), this.models.leastShare()]);
    await this.unitOfWork.run(async (tx) => {
      const all = await this.models.all(tx);
      const coming = modelComing(all);
      if (coming === null) throw new DomainError('FACE.NO_COMING_MODEL', 'conflict');
      if (people === 0 || withComing < leastShare * people) throw new DomainError('FACE.SWITCH_TOO_EARLY', 'refused', { people, withComing, leastShare });
      const former = modelInUse(all);
      const rest = all.filter((one) => one.id !== coming.id && one.id !== former.id);
      await this.models.keep(tx, [{ ...coming, state: 'in-use' }, { ...former, state: 'former' }, ...rest]);
      await this.audit.record({
        ...auditActor(actor), action: 'face.model-switched', objectKind: 'face-model', objectId: coming.id.slice(0, 36), outcome: 'done',
        detail: { modelId: coming.id, former: former.id, people, withComing },
      }, tx);
    });
    return DONE;
  }
}
