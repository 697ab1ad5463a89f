import { Injectable } from '@nestjs/common';
import type { CaptureFrames } from '../../contract/faces.js';
import { framesAreOnePerson, templateOf, type UnitVector } from '../../domain/identity/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { descriptorBytes, readDescriptor } from './descriptor-codec.js';
import { FaceModels } from './face-models.js';
import { RecognitionSettings } from './recognition-settings.js';

/**
 * Frames of one capture differ in angle and light on purpose, so they need not be as near to each other as a probe to
 * a template; two different people stay well below this all the same.
 */
const FRAME_SLACK = 0.03;

/** Makes one template from the frames of one capture; the frames are gone when it returns. */
@Injectable()
export class BuildTemplate {
  constructor(private readonly settings: RecognitionSettings, private readonly models: FaceModels) {}

  /**
   * @returns the template and the quality of its worst frame
   * @throws DomainError FACE.MODEL_UNKNOWN, FACE.DESCRIPTOR_INVALID, FACE.QUALITY_LOW, FACE.FRAMES_DIFFER (somebody else stepped in)
   */
  async execute({ modelId, frames }: { modelId: string; frames: CaptureFrames }): Promise<{ template: UnitVector; quality: number }> {
    const { length } = await this.models.require(modelId);
    const { minQuality, minSimilarity } = await this.settings.current(modelId);
    const quality = Math.min(...frames.map((frame) => frame.quality));
    if (quality < minQuality) throw new DomainError('FACE.QUALITY_LOW', 'refused');
    const vectors = frames.map((frame) => readDescriptor(descriptorBytes(frame.descriptor, length)));
    if (!framesAreOnePerson(vectors, minSimilarity - FRAME_SLACK)) throw new DomainError('FACE.FRAMES_DIFFER', 'refused');
    return { template: templateOf(vectors), quality };
  }

  /** What can be asked of a template that the server cannot open. @throws DomainError FACE.MODEL_UNKNOWN, FACE.QUALITY_LOW */
  async requireSealable(modelId: string, quality: number): Promise<void> {
    await this.models.require(modelId);
    const { minQuality } = await this.settings.current(modelId);
    if (quality < minQuality) throw new DomainError('FACE.QUALITY_LOW', 'refused');
  }
}
