import { DEMO_PEOPLE, type DemoCamera } from '../../../ui/demo-camera/index.js';
import { encodeDescriptor, type FaceEngine } from '../../../ui/face/index.js';
import { DEMO_VISITORS, type DemoFaceRequest } from '../../../src/contract/kiosk.js';
import { FACE_MODEL_ID } from '../../../src/contract/faces.js';

/** One frame of each enrolment pose of the demo camera, which changes pose every 1.5 s. */
const FRAMES = 3;
const POSE_MS = 1600;
const TRIES = 12;

/** The first people of the demo camera stand in for seniors of the demo street; the others are strangers. */
export const isDemoVisitor = (personId: string | null): boolean => {
  const index = DEMO_PEOPLE.findIndex((person) => person.id === personId);
  return index >= 0 && index < DEMO_VISITORS;
};

/** Looks at a visitor in the enrolment poses. @returns null where no three frames showed the face well */
export async function captureDemoVisitor(
  eyes: { readonly engine: FaceEngine; readonly video: HTMLVideoElement }, camera: DemoCamera, personId: string,
): Promise<DemoFaceRequest | null> {
  const frames: DemoFaceRequest['frames'] = [];
  camera.pose('enrol');
  try {
    for (let tries = 0; tries < TRIES && frames.length < FRAMES; tries += 1) {
      await new Promise((resolve) => { setTimeout(resolve, POSE_MS); });
      const view = await eyes.engine.describe(eyes.video);
      if (view !== null && view.rivals === 0) frames.push({ descriptor: encodeDescriptor(view.descriptor), quality: view.quality.value });
    }
  } finally {
    camera.pose('visit');
  }
  if (frames.length < FRAMES) return null;
  return { visitor: DEMO_PEOPLE.findIndex((person) => person.id === personId), modelId: FACE_MODEL_ID, frames };
}
