import { templateBoxInfo } from '../../../../src/contract/gallery-keys.js';
import type { CaptureFrames, EnrolFaceRequest } from '../../../../src/contract/faces.js';
import type { FaceStateAnswer } from '../../../../src/contract/seniors.js';
import { decodeDescriptor, encodeDescriptor, framesAreOnePerson, normalise, templateOf } from '../../../../ui/face/index.js';
import { pick } from '../../../../ui/dictionary/index.js';
import { seal } from '../../../../ui/sealing/index.js';
import { errorCatalogue } from '../../../../src/contract/errors.js';
import { FormRefusal } from '../../parts/toast.js';

/** Frames of one capture are at least this near to each other; two different people stay well below. */
const ONE_PERSON = 0.9;

/**
 * What leaves this page for one capture: where the point has a gallery key, the template closed to it, and the frames
 * themselves only where a roaming consent allows the server a copy.
 *
 * @throws FormRefusal where the frames seem to show different people: the server could not see that any more
 */
export async function enrolmentOf(capture: {
  modelId: string; frames: CaptureFrames; personCode: string; sealTo: FaceStateAnswer['sealTo']; roaming: boolean;
}): Promise<EnrolFaceRequest> {
  const { modelId, frames, personCode, sealTo, roaming } = capture;
  if (sealTo === null) return { modelId, frames };
  const vectors = frames.map((frame) => normalise(decodeDescriptor(frame.descriptor)));
  if (!framesAreOnePerson(vectors, ONE_PERSON)) throw new FormRefusal(pick(errorCatalogue['FACE.FRAMES_DIFFER']));
  const { pointId, keyId, publicKey } = sealTo;
  const box = await seal(publicKey, encodeDescriptor(templateOf(vectors)), templateBoxInfo({ pointId, keyId, personCode, modelId }));
  return { modelId, sealed: { keyId, box, quality: Math.min(...frames.map((frame) => frame.quality)) }, ...(roaming ? { frames } : {}) };
}
