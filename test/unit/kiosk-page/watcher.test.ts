import { Room } from './before-the-camera.js';

let room: Room;
let [asks, alone]: [number, boolean | null] = [0, null];
const ask = (asked: boolean): void => { asks += 1; alone = asked; };
beforeEach(() => {
  [asks, alone] = [0, null];
  jest.useFakeTimers();
  room = new Room([1, 2]);
});
afterEach(() => {
  room.watcher.stop();
  jest.useRealTimers();
});

/** The first of the two is named. */
async function firstIsNamed(): Promise<void> {
  room.who = 1;
  room.watcher.restart('search');
  await jest.advanceTimersByTimeAsync(1_500);
  room.watcher.restart('presence');
  expect(room.named[0]).toBe('P1');
}

describe('whoever was named by the camera', () => {
  it('is compared with who stands there when they pay', async () => {
    await firstIsNamed();
    expect(await room.after(3_000, room.watcher.whoStands(ask))).toBe('same');
    expect(asks).toBe(0);
    room.who = 2;
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await room.after(3_000, room.watcher.whoStands(ask))).toBe('other');
    expect(room.others).toBe(1);
  });

  it('is not somebody else for one look down at the button, unless no look after it can be judged', async () => {
    await firstIsNamed();
    room.near = 0.5;
    await room.nextLook();
    const pressed = room.watcher.whoStands(ask);
    room.near = 1;
    expect(await room.after(4_000, pressed)).toBe('same');
    room.near = 0.5;
    await room.nextLook();
    const again = room.watcher.whoStands(ask);
    room.rivals = 1;
    expect(await room.after(8_000, again)).toBe('other');
  });

  it('is not what the next one is compared with who has shown a card', async () => {
    await firstIsNamed();
    room.watcher.forgetVisitor();
    room.who = 2;
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await room.after(3_000, room.watcher.whoStands(ask))).toBe('unseen');
    expect(room.others).toBe(0);
  });
});

describe('a face that cannot be judged when *confirm* is pressed', () => {
  it.each([['nobody in the picture', () => { room.who = null; }, 'unseen'], ['a second face and another in front', () => { room.rivals = 1; room.near = 0.5; }, 'several'], ['a face too dark or too far', () => { room.quality = 0.2; }, 'unseen']] as const)('is asked to look, and is not taken for whoever was named: %s', async (_, turnsAway, stands) => {
    await firstIsNamed();
    turnsAway();
    await jest.advanceTimersByTimeAsync(4_000);
    expect(await room.after(1_500, room.watcher.whoStands(ask))).toBeUndefined();
    expect([asks, alone]).toEqual([1, stands === 'several']);
    expect(await room.after(5_000, room.watcher.whoStands(ask))).toBe(stands);
  });

  it('is theirs with a helper beside them all the while, as long as they stand nearer', async () => {
    await firstIsNamed();
    room.rivals = 1;
    await jest.advanceTimersByTimeAsync(4_000);
    expect(await room.after(1_500, room.watcher.whoStands(ask))).toBe('same');
    expect(asks).toBe(0);
  });

  it('is told that one stands there alone where the helper is nearer, and pays when the helper has stepped back', async () => {
    await firstIsNamed();
    [room.who, room.rivals] = [2, 1];
    await jest.advanceTimersByTimeAsync(4_000);
    expect(await room.after(6_000, room.watcher.whoStands(ask))).toBe('several');
    expect([asks, alone, room.others]).toEqual([1, true, 0]);
    const again = room.watcher.whoStands(ask);
    await jest.advanceTimersByTimeAsync(300);
    [room.who, room.rivals] = [1, 0];
    expect(await room.after(2_000, again)).toBe('same');
  });

  it('is theirs when they look within two seconds', async () => {
    await firstIsNamed();
    room.who = null;
    await jest.advanceTimersByTimeAsync(4_000);
    const pressed = room.watcher.whoStands(ask);
    expect(await room.after(1_000, pressed)).toBeUndefined();
    room.who = 1;
    expect(await room.after(600, pressed)).toBe('same');
    expect(asks).toBe(1);
  });

  it('is nobody where somebody else looks instead', async () => {
    await firstIsNamed();
    room.who = null;
    await jest.advanceTimersByTimeAsync(4_000);
    const pressed = room.watcher.whoStands(ask);
    await jest.advanceTimersByTimeAsync(500);
    room.who = 2;
    expect(await room.after(3_000, pressed)).toBe('other');
  });

  it('costs nobody time who was seen a moment ago', async () => {
    await firstIsNamed();
    const pressed = room.watcher.whoStands(ask);
    expect(await room.after(300, pressed)).toBe('same');
    room.rivals = 1; // somebody leans in
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await room.after(300, room.watcher.whoStands(ask))).toBe('same');
    expect(asks).toBe(0);
  });

  it('is not vouched for by the last picture of a camera that has frozen', async () => {
    await firstIsNamed();
    room.frozenAtMs = performance.now();
    await jest.advanceTimersByTimeAsync(4_500);
    expect(await room.after(6_000, room.watcher.whoStands(ask))).toBe('unseen');
  });
});

describe('a line that is dead without saying so', () => {
  it('keeps nobody from being named for longer than a moment', async () => {
    room.freshen = () => new Promise(() => undefined);
    room.who = 1;
    room.watcher.restart('search');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(room.named).toEqual([]);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(room.named[0]).toBe('P1');
  });
});

describe('a head turn that is waited for', () => {
  /** Turns step by step, each long enough for a look. */
  async function turnTo(yaw: number): Promise<void> {
    for (const share of [0, 0.5, 1]) {
      room.yaw = yaw * share;
      await jest.advanceTimersByTimeAsync(250);
    }
  }
  let end: Promise<unknown>;
  beforeEach(() => {
    room.who = 1;
    end = room.watcher.awaitTurn('right', 'P1');
  });

  it('may begin ten seconds after it was asked for', async () => {
    await jest.advanceTimersByTimeAsync(10_000);
    await turnTo(0.3);
    expect(await room.after(1_000, end)).toBe(true);
  });

  it.each([
    ['no turn within its time', () => jest.advanceTimersByTimeAsync(13_000)],
    ['a second face all the while', () => { room.rivals = 1; return jest.advanceTimersByTimeAsync(13_000); }],
    ['nobody there any more', () => { room.who = null; return jest.advanceTimersByTimeAsync(5_000); }],
  ] as const)('is no doubt of anybody: %s', async (_, happens) => {
    await happens();
    expect(await room.after(1_000, end)).toBeNull();
  });

  it('needs whoever turns to look alike to the last straight look, not a picture that was held there before', async () => {
    await jest.advanceTimersByTimeAsync(700);
    room.near = 0.55;
    await turnTo(0.3);
    expect(await room.after(1_000, end)).toBeNull();
  });

  it('is done by somebody who looked down for a moment, and whose turned head comes less near', async () => {
    room.near = 0.55;
    await jest.advanceTimersByTimeAsync(500);
    room.near = 0.61;
    await jest.advanceTimersByTimeAsync(500);
    room.yaw = 0.15;
    await jest.advanceTimersByTimeAsync(250);
    room.near = 0.55;
    room.yaw = 0.3;
    expect(await room.after(1_000, end)).toBe(true);
  });

  it('is told apart when it goes to the other side', async () => {
    await turnTo(-0.3);
    expect(await room.after(1_000, end)).toBe('wrong-way');
  });

  it('goes on when somebody has leant in for a moment', async () => {
    room.rivals = 1;
    expect(await room.after(1_500, end)).toBeUndefined();
    room.rivals = 0;
    await turnTo(0.3);
    expect(await room.after(1_000, end)).toBe(true);
  });

  it('is waited for no longer once the camera has gone', async () => {
    await turnTo(0);
    room.watcher.stop();
    expect(await room.after(0, end)).toBeNull();
  });

  it('is not done by a picture that is put there, nor by somebody else', async () => {
    await turnTo(0);
    room.yaw = 0.3;
    expect(await room.after(1_000, end)).toBe('jumped');
    room.yaw = 0;
    const other = room.watcher.awaitTurn('right', 'P1');
    room.who = 2;
    expect(await room.after(1_000, other)).toBe(false);
  });
});

describe('frames for a comparison at the server', () => {
  it('are those of one person: a picture and another face come to nothing', async () => {
    room.who = 1;
    expect(await room.after(3_000, room.watcher.collect(3, 8_000))).toMatchObject({ motion: 'still' });
    const mixed = room.watcher.collect(3, 8_000);
    await jest.advanceTimersByTimeAsync(150);
    room.who = 2;
    expect(await room.after(9_000, mixed)).toBeNull();
  });
});
