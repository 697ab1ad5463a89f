import { pbkdf2Sync } from 'node:crypto';
import { ownerOfNumber, whyNoPanel } from '../../../kiosk/src/device/panel-number.js';
import { panelNumberText, type PanelKeys } from '../../../src/contract/kiosk-panel.js';

const NOW = Date.parse('2026-11-24T03:00:00Z');
const bound = { pointId: 'p', drawnOn: '2026-11-20' };
/** As the server makes it, with fewer rounds. */
const verifier = (pin: string, drawn = bound) => ({
  v: 1 as const, ...drawn, iterations: 1_000, salt: Buffer.from('0123456789abcdef').toString('base64'), hash: pbkdf2Sync(panelNumberText(drawn, pin), '0123456789abcdef', 1_000, 32, 'sha256').toString('base64'),
});
const keys: PanelKeys = {
  v: 1, deviceId: 'd', pointId: 'p', issuedAtMs: NOW - 60_000, validUntilMs: NOW + 3_600_000,
  attendants: [{ staffId: 'a', name: '王师傅', verifier: verifier('123456') }, { staffId: 'b', name: '李师傅', verifier: verifier('654321') }],
};

describe('a number at the panel without network', () => {
  it('names its owner and nobody else', async () => {
    expect(await ownerOfNumber(keys, '123456')).toEqual({ staffId: 'a', name: '王师傅' });
    expect(await ownerOfNumber(keys, '654321')).toEqual({ staffId: 'b', name: '李师傅' });
    expect(await ownerOfNumber(keys, '123457')).toBeNull();
    expect(await ownerOfNumber({ ...keys, attendants: [] }, '123456')).toBeNull();
  });

  it.each([['another point', { ...bound, pointId: 'q' }], ['another day of drawing', { ...bound, drawnOn: '2026-11-21' }]])('does not fit for %s', async (_, named) => {
    const moved = { ...verifier('123456'), ...named };
    expect(await ownerOfNumber({ ...keys, attendants: [{ staffId: 'a', name: '王师傅', verifier: moved }] }, '123456')).toBeNull();
  });

  it('is not the one of a verifier that was made for another point, though its digest fits', async () => {
    const foreign = verifier('123456', { ...bound, pointId: 'q' });
    expect(await ownerOfNumber({ ...keys, attendants: [{ staffId: 'a', name: '王师傅', verifier: foreign }] }, '123456')).toBeNull();
  });

  it.each([
    ['told of nobody', 'panel-none', null, NOW, NOW], ['longer without contact than was allowed', 'panel-none', keys, NOW + 3_600_001, NOW],
    ['set back in time behind the last contact', 'panel-clock', keys, NOW, NOW + 121_000], ['set back behind the signing', 'panel-clock', keys, NOW - 181_000, 0], ['fine', null, keys, NOW, NOW],
  ] as const)('of a machine that is %s: %s', (_, why, told, nowMs, lastKnownMs) => {
    expect(whyNoPanel(told, nowMs, lastKnownMs)).toBe(why);
  });
});
