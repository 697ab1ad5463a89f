import { isAllowed } from './allowed-camera.js';
import { startDemoCamera, type DemoCamera } from '../../../ui/demo-camera/index.js';

/** A running camera; `demo` where it is drawn. */
export interface Camera {
  readonly stream: MediaStream;
  readonly demo: DemoCamera | null;
}

export const FACE_ASSETS = `${import.meta.env.BASE_URL}face/`;

/** The camera of this device, or null where there is none or it may not be used: the kiosk then works without. */
export async function openCamera(): Promise<Camera | null> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user' },
    });
    if (isAllowed(stream.getVideoTracks()[0]?.label ?? '', localStorage)) return { stream, demo: null };
    for (const track of stream.getTracks()) track.stop();
    return null;
  } catch {
    return null;
  }
}

export async function openDemoCamera(): Promise<Camera> {
  const demo = await startDemoCamera(FACE_ASSETS);
  return { stream: demo.stream, demo };
}
