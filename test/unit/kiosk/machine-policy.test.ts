import { readFileSync } from 'node:fs';
import path from 'node:path';

type Policy = Readonly<Record<string, unknown>>;
const policy = JSON.parse(readFileSync(path.join(__dirname, '../../../docs/kiosk-policy.json'), 'utf8')) as Policy;

/** Whether an address is open under the two lists, as the browser reads them: the longer rule wins, allowing wins a tie. */
function isOpen({ URLBlocklist, URLAllowlist }: Policy, address: string): boolean {
  const longest = (rules: unknown): number => Math.max(-1, ...(rules as string[]).filter((rule) => rule === '*' || address.startsWith(rule.replace(/\*$/, ''))).map((rule) => rule.length));
  return longest(URLAllowlist) >= longest(URLBlocklist);
}

describe('the machine’s policy for a kiosk', () => {
  it('opens the kiosk and what it asks, and nothing else', () => {
    for (const address of ['https://rehufan.example.org/kiosk/', 'https://rehufan.example.org/api/v1/kiosk/today']) expect(isOpen(policy, address)).toBe(true);
    for (const address of [
      'https://rehufan.example.org/console/', 'https://example.com/', 'chrome://settings', 'chrome://dino', 'file:///etc/passwd', 'view-source:https://rehufan.example.org/kiosk/',
      'devtools://devtools', 'tel:12345', 'about:blank', 'javascript:alert(1)', 'https://rehufan.example.org.evil.example/kiosk/',
    ]) expect([address, isOpen(policy, address)]).toEqual([address, false]);
    expect(isOpen({ ...policy, URLAllowlist: ['*'] }, 'https://example.com/')).toBe(true); // the control: a policy that lets out is seen
  });

  it('takes away every way out of the page: tools, files, downloads, notices, print dialogues, guests, extensions', () => {
    expect(policy).toMatchObject({
      DeveloperToolsAvailability: 2, AllowFileSelectionDialogs: false, DownloadRestrictions: 3, DefaultNotificationsSetting: 2, DefaultPopupsSetting: 2,
      BrowserGuestModeEnabled: false, BrowserAddPersonEnabled: false, ExtensionInstallBlocklist: ['*'], AutoLaunchProtocolsFromOrigins: [], TaskManagerEndProcessEnabled: false,
      PrintingEnabled: false,
    });
  });

  it('gives the camera to the kiosk’s own origin alone', () => {
    expect(policy).toMatchObject({ VideoCaptureAllowed: false, VideoCaptureAllowedUrls: ['https://rehufan.example.org'], AudioCaptureAllowed: false });
  });

  it('gives scale, relay and receipt printer to the kiosk’s own origin, by the maker’s number alone, and lets nobody else ask', () => {
    for (const name of ['SerialAllowUsbDevicesForUrls', 'WebUsbAllowDevicesForUrls']) {
      for (const { devices, urls } of policy[name] as { devices: { vendor_id?: number }[]; urls: string[] }[]) {
        expect(urls).toEqual(['https://rehufan.example.org']);
        expect(devices.map(({ vendor_id: maker = -1 }) => maker >= 0 && maker <= 65_535)).toEqual([true]); // without a number it would be every device
      }
    }
    expect(policy).toMatchObject({ SerialAskForUrls: ['https://rehufan.example.org'], WebUsbAskForUrls: ['https://rehufan.example.org'] });
  });
});
