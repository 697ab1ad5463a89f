import { Injectable } from '@nestjs/common';
import { FaceIndex, verifyWithDigits } from '../../domain/identity/index.js';
import { descriptorBytes, readDescriptor } from './descriptor-codec.js';
import { FaceModels } from './face-models.js';
import { ProbeLog } from './probe-log.js';
import { RecognitionSettings } from './recognition-settings.js';
import { TemplateVault } from './template-vault.js';

/**
 * Compares a probe from another point with the templates of the few people whose phone digits were typed and who agreed
 * to roaming. It is no search: without the digits nobody is compared, and two who both come near are nobody.
 */
@Injectable()
export class VerifyProbe {
  constructor(
    private readonly vault: TemplateVault,
    private readonly probes: ProbeLog,
    private readonly settings: RecognitionSettings,
    private readonly models: FaceModels,
  ) {}

  /**
   * @returns the person and the bound of a false match in parts per million, or null; never how near anybody was
   * @throws DomainError FACE.MODEL_UNKNOWN, FACE.DESCRIPTOR_INVALID, FACE.TOO_MANY_PROBES, FACE.PROBE_REPEATED
   */
  async execute(request: { deviceId: string; modelId: string; descriptor: string; personCodes: readonly string[] }): Promise<{ personCode: string; riskPpm: number } | null> {
    const { length } = await this.models.require(request.modelId);
    const bytes = descriptorBytes(request.descriptor, length);
    const probe = readDescriptor(bytes);
    await this.probes.note(request.deviceId, bytes);
    const settings = await this.settings.current(request.modelId);
    const templates = await this.vault.open(request.personCodes, { modelId: request.modelId, roamingOnly: true });
    const index = FaceIndex.of([...templates].map(([personCode, template]) => ({ personCode, template })));
    // The device has gated the frames and sends their mean: one frame of full quality.
    return verifyWithDigits(index, [{ descriptor: probe, quality: 1 }], { ...settings, framesNeeded: 1 });
  }
}
