import { byDigits, byRoaming } from '../../../kiosk/src/flow/identify.js';
import type { Kiosk } from '../../../kiosk/src/flow/kiosk.js';
import { spokenFor } from '../../../kiosk/src/flow/spoken.js';
import type { Screen } from '../../../kiosk/src/flow/screen.js';
import { TurnDesk, type TurnEnd } from '../../../kiosk/src/flow/turn-desk.js';
import type { RecognitionSettings } from '../../../src/contract/faces.js';

const settings = (liveness: RecognitionSettings['liveness']): RecognitionSettings => ({
  minSimilarity: 0.9, minMargin: 0.01, framesNeeded: 3, minQuality: 0.4, falseMatchPpm: 400, falseMatchTail: [], maxRiskPpm: 50_000, liveness,
});
const seen = {
  candidate: { maskedName: '王女士', claim: { kind: 'face', personCode: 'wang', frames: 3, band: 'clear', riskPpm: 10 } },
  personCode: 'wang', riskPpm: 10, motion: 'deep',
} as const;
const NOBODY = { name: 'not-recognised', doubt: [] };

/** The answer of the server for digits of somebody who has chosen a secret, and where the glass goes with it. */
async function digitsAfter(screen: Screen): Promise<Screen> {
  const shown: Screen[] = [];
  const kiosk = {
    asked: (work: () => Promise<unknown>) => work(), locked: { value: false },
    orWithout: () => Promise.resolve([{ personCode: 'wang', maskedName: '王女士', asksPin: true }]),
    show: (next: Screen) => shown.push(next),
  } as unknown as Kiosk;
  await byDigits(kiosk, '2468', screen.name === 'not-recognised' ? screen.doubt : []);
  return shown[0];
}

describe('a face that was asked to turn', () => {
  it('is named once it has turned, and asked for at all only where the settings say so', async () => {
    expect(await new TurnDesk().next(seen, settings('always'), () => Promise.resolve(true))).toEqual({ name: 'is-it-you', candidate: seen.candidate });
    const never = () => Promise.reject(new Error('was asked'));
    for (const mode of ['off', 'risk'] as const) expect(await new TurnDesk().next(seen, settings(mode), never)).toMatchObject({ name: 'is-it-you' });
  });

  it.each([['did not', false], ['went another way', null]] as const)('counts for nobody where it %s: the digits then ask for the secret', async (_, did) => {
    const screen = await new TurnDesk().next(seen, settings('always'), () => Promise.resolve(did));
    expect(screen).toEqual(NOBODY);
    expect(await digitsAfter(screen)).toMatchObject({ candidate: { asksPin: true, claim: { faceAgrees: false } } });
  });

  it.each(['wrong-way', 'jumped'] as const)('may mix up left and right or turn too fast once, which is no doubt, and not twice: %s', async (unclear) => {
    const away: string[] = [];
    const desk = new TurnDesk((personCode) => away.push(personCode));
    const ends: TurnEnd[] = [unclear, true, unclear, unclear, null];
    const turned = (): Promise<TurnEnd> => Promise.resolve(ends.shift() ?? null);
    expect(await desk.next(seen, settings('always'), turned)).toMatchObject({ name: 'is-it-you' });
    expect(away).toEqual([]);
    expect(await desk.next(seen, settings('always'), turned)).toEqual(NOBODY);
    expect(away).toEqual(['wang']);
    expect(await desk.next(seen, settings('always'), turned)).toEqual(NOBODY);
    expect([away, ends]).toEqual([['wang'], []]);
  });

  it('counts for nobody either after the third doubt of a day, when no turn is asked for any more', async () => {
    const desk = new TurnDesk();
    for (let doubt = 0; doubt < 3; doubt += 1) await desk.next(seen, settings('always'), () => Promise.resolve(false));
    expect(await desk.next(seen, settings('always'), () => Promise.reject(new Error('was asked')))).toEqual(NOBODY);
  });
});

describe('a face that could be one of several', () => {
  const several = { personCodes: ['wang', 'chen'], motion: 'deep' } as const;

  const never = (): Promise<TurnEnd> => Promise.reject(new Error('was asked'));

  it('stands beside the digits where no turn is asked for, and spares the secret then', async () => {
    const screen = await new TurnDesk().several(several, settings('risk'), never);
    expect(screen).toEqual({ name: 'not-recognised', doubt: ['wang', 'chen'], step: true });
    expect(await digitsAfter(screen)).toMatchObject({ candidate: { claim: { faceAgrees: true } } });
  });

  it('is asked to turn where everybody is, and stands beside the digits once it has', async () => {
    const screen = await new TurnDesk().several(several, settings('always'), () => Promise.resolve(true));
    expect(screen).toEqual({ name: 'not-recognised', doubt: ['wang', 'chen'], step: true });
    expect(await digitsAfter(screen)).toMatchObject({ candidate: { claim: { faceAgrees: true } } });
  });

  it('stands for nobody where the turn took too long, and lacks one more step all the same', async () => {
    const screen = await new TurnDesk().several(several, settings('always'), () => Promise.resolve(null));
    expect(screen).toEqual({ name: 'not-recognised', doubt: [], step: true });
    expect(spokenFor(screen)).toEqual(spokenFor({ name: 'not-recognised', doubt: ['wang'] }));
    expect(await digitsAfter(screen)).toMatchObject({ candidate: { asksPin: true, claim: { faceAgrees: false } } });
  });

  it('that turned otherwise is a doubt of the nearest, who then stands beside no digits without a turn', async () => {
    const away: string[] = [];
    const desk = new TurnDesk((personCode) => away.push(personCode));
    expect(await desk.several(several, settings('always'), () => Promise.resolve(false))).toEqual(NOBODY);
    expect(away).toEqual(['wang']);
    expect(await desk.several({ ...several, personCodes: ['chen', 'wang'] }, settings('risk'), never)).toMatchObject({ doubt: ['chen'] });
    for (let doubt = 0; doubt < 2; doubt += 1) await desk.several(several, settings('always'), () => Promise.resolve(false));
    expect(await desk.several(several, settings('always'), never)).toEqual({ name: 'not-recognised', doubt: [], step: true });
    expect(await desk.several({ ...several, personCodes: ['chen', 'wang'] }, settings('always'), () => Promise.resolve(true))).toMatchObject({ doubt: ['chen'] });
  });
});

describe('a guest of another point', () => {
  /** What the glass showed, where a picture that cannot turn is held before a machine of another point. */
  async function guestBefore(liveness: RecognitionSettings['liveness'], did: boolean | null, leaves: 'at the look' | 'at the turn' | null = null): Promise<string[]> {
    const shown: Screen[] = [];
    const asks = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('{}', { status: 500 }));
    const kiosk = {
      locked: { value: false }, online: { value: true }, orWithout: (online: () => Promise<unknown>) => online(), gallery: { settings: settings(liveness) }, turnSettings: () => settings(liveness), turns: new TurnDesk(),
      watcher: {
        collect: () => {
          if (leaves === 'at the look') shown.push({ name: 'help' });
          return Promise.resolve({ seen: new Float32Array(128), motion: 'deep' });
        },
      },
      screen: { get value() { return shown.at(-1); } },
      asked: (work: () => Promise<unknown>) => work().catch(() => undefined),
      show: (next: Screen) => shown.push(next),
      turned: (side: 'left' | 'right') => {
        shown.push({ name: 'turn', side }, ...(leaves === 'at the turn' ? [{ name: 'welcome' } as const] : []));
        return Promise.resolve(did);
      },
    } as unknown as Kiosk;
    await byRoaming(kiosk, '2468');
    const asked = asks.mock.calls.length > 0;
    asks.mockRestore();
    return [...shown.map(({ name }) => name), ...(asked ? ['asked'] : [])];
  }

  it.each([false, null])('who does not turn (%s) is looked for nowhere', async (did) => {
    expect(await guestBefore('always', did)).toEqual(['roaming', 'turn', 'not-recognised']);
  });

  it('who has left meanwhile gets no screen in the next one’s face', async () => {
    expect(await guestBefore('always', null, 'at the turn')).toEqual(['roaming', 'turn', 'welcome']);
    expect(await guestBefore('always', null, 'at the look')).toEqual(['roaming', 'help']);
  });
});
