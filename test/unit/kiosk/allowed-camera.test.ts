import { isAllowed } from '../../../kiosk/src/camera/allowed-camera.js';

const keeping = (): { getItem(key: string): string | null; setItem(key: string, value: string): void } => {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
};

test('a device goes on with the camera that it began with, and with no other', () => {
  const kept = keeping();
  expect(isAllowed('HD Camera (1bcf:2281)', kept)).toBe(true);
  expect(isAllowed('HD Camera (1bcf:2281)', kept)).toBe(true);
  expect(isAllowed('USB Camera (05a3:9230)', kept)).toBe(false);
  expect(isAllowed('HD Camera (1bcf:2281)', kept)).toBe(true);
});

test.each(['OBS Virtual Camera', 'ManyCam Virtual Webcam', 'v4l2loopback', 'Dummy video device (0x0000)'])('a program that offers a film is no camera: %s', (name) => {
  const kept = keeping();
  expect(isAllowed(name, kept)).toBe(false);
  // Negative control: it has not become the camera that the device began with.
  expect(isAllowed('HD Camera', kept)).toBe(true);
});
