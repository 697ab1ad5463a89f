import { startDemoCamera, type DemoCamera } from '../../../ui/demo-camera/index.js';
import { store } from '../device/store.js';
import { isAllowedCamera } from './allowed-camera.js';

/** A running camera; `demo` where it is drawn. */
export interface Camera {
  readonly stream: MediaStream;
  readonly demo: DemoCamera | null;
}

export const FACE_ASSETS = `${import.meta.env.BASE_URL}face/`;

/**
 * The camera of this device, or null where there is none, it may not be used or it is not the one of the set-up: the
 * kiosk then works without.
 */
export async function openCamera(): Promise<Camera | null> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user' },
    });
    const label = stream.getVideoTracks()[0]?.label ?? '';
    const allowed = (await store.settings.get('camera'))?.text ?? null;
    if (!isAllowedCamera(label, allowed)) {
      for (const track of stream.getTracks()) track.stop();
      return null;
    }
    if (allowed === null) await store.settings.put({ name: 'camera', value: 0, text: label });
    return { stream, demo: null };
  } catch {
    return null;
  }
}

export async function openDemoCamera(): Promise<Camera> {
  const demo = await startDemoCamera(FACE_ASSETS);
  return { stream: demo.stream, demo };
}
