import { Injectable } from '@nestjs/common';
import { cosine } from '../../domain/identity/index.js';
import { descriptorBytes, readDescriptor } from './descriptor-codec.js';
import { ProbeLog } from './probe-log.js';
import { RecognitionSettings } from './recognition-settings.js';
import { TemplateVault } from './template-vault.js';

/**
 * Compares a probe from another point with the templates of the few people whose phone digits were typed and who agreed
 * to roaming. It is no search: without the digits nobody is compared, and two who both come near are nobody.
 */
@Injectable()
export class VerifyProbe {
  constructor(private readonly vault: TemplateVault, private readonly probes: ProbeLog, private readonly settings: RecognitionSettings) {}

  /**
   * @returns the person code, or null; never how near anybody was
   * @throws DomainError FACE.DESCRIPTOR_INVALID, FACE.TOO_MANY_PROBES, FACE.PROBE_REPEATED
   */
  async execute(request: { deviceId: string; modelId: string; descriptor: string; personCodes: readonly string[] }): Promise<string | null> {
    const bytes = descriptorBytes(request.descriptor);
    const probe = readDescriptor(bytes);
    await this.probes.note(request.deviceId, bytes);
    const { minSimilarity } = await this.settings.current();
    const templates = await this.vault.open(request.personCodes, { modelId: request.modelId, roamingOnly: true });
    const near = [...templates].filter(([, template]) => cosine(probe, template) >= minSimilarity);
    const [only] = near;
    return near.length === 1 && only !== undefined ? only[0] : null;
  }
}
