import { isAllowedCamera } from '../../../kiosk/src/camera/allowed-camera.js';

const OWN = 'HD Webcam C920 (046d:082d)';

describe('the camera a kiosk looks through', () => {
  it('is the one of its set-up, on whatever port', () => {
    expect(isAllowedCamera(OWN, null)).toBe(true);
    expect(isAllowedCamera(OWN, OWN)).toBe(true);
    expect(isAllowedCamera('HD Webcam C920 (046d:082d) (usb-0000:00:14.0-2)', OWN)).toBe(true);
  });

  it.each([['another camera', 'Other Camera (1111:2222)'], ['the same name by another maker', 'HD Webcam C920 (dead:beef)'], ['no name', '']])('is not %s', (_, label) => {
    expect(isAllowedCamera(label, OWN)).toBe(false);
  });

  it.each(['OBS Virtual Camera', 'ManyCam Virtual Webcam', 'Dummy video device (0x0000)', 'v4l2loopback', 'XSplit VCam Virtual', 'DroidCam Source 3'])('is never %s, not even at the set-up', (label) => {
    expect(isAllowedCamera(label, null)).toBe(false);
    expect(isAllowedCamera(label, label)).toBe(false);
  });
});
