import { templateBoxInfo } from '../../../../src/contract/gallery-keys.js';
import type { EnrolFaceRequest, FaceCapture } from '../../../../src/contract/faces.js';
import type { FaceStateAnswer } from '../../../../src/contract/seniors.js';
import { decodeDescriptor, encodeDescriptor, framesAreOnePerson, normalise, templateOf } from '../../../../ui/face/index.js';
import { pick } from '../../../../ui/dictionary/index.js';
import { seal } from '../../../../ui/sealing/index.js';
import { errorCatalogue } from '../../../../src/contract/errors.js';
import { FormRefusal } from '../../parts/toast.js';
import type { Capture } from './captured-frames.js';

/** Frames of one capture are at least this near to each other; two different people stay well below. */
const ONE_PERSON = 0.9;

/** Whose face it is and who may open it. */
interface Sitter { readonly personCode: string; readonly sealTo: FaceStateAnswer['sealTo']; readonly roaming: boolean }

/**
 * What leaves this page for one sitting, by all models at once, so that they are kept together or not at all. Where the point
 * has a gallery key: the template closed to it, and the frames themselves only where a roaming consent allows the server a copy.
 *
 * @throws FormRefusal where the frames seem to show different people: the server could not see that any more
 */
export async function enrolmentOf(captures: readonly Capture[], sitter: Sitter): Promise<EnrolFaceRequest> {
  const [first, ...also] = await Promise.all(captures.map((capture) => closed(capture, sitter)));
  if (first === undefined) throw new FormRefusal(pick(errorCatalogue['FACE.DESCRIPTOR_INVALID']));
  return also.length === 0 ? first : { ...first, also };
}

async function closed({ modelId, frames }: Capture, { personCode, sealTo, roaming }: Sitter): Promise<FaceCapture> {
  if (sealTo === null) return { modelId, frames };
  const vectors = frames.map((frame) => normalise(decodeDescriptor(frame.descriptor)));
  if (!framesAreOnePerson(vectors, ONE_PERSON)) throw new FormRefusal(pick(errorCatalogue['FACE.FRAMES_DIFFER']));
  const { pointId, keyId, publicKey } = sealTo;
  const box = await seal(publicKey, encodeDescriptor(templateOf(vectors)), templateBoxInfo({ pointId, keyId, personCode, modelId }));
  return { modelId, sealed: { keyId, box, quality: Math.min(...frames.map((frame) => frame.quality)) }, ...(roaming ? { frames } : {}) };
}
