import { Room } from './before-the-camera.js';

let room: Room;
beforeEach(() => {
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
    expect(await room.after(3_000, room.watcher.seesAnother())).toBe(false);
    room.who = 2;
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await room.after(3_000, room.watcher.seesAnother())).toBe(true);
    expect(room.others).toBe(1);
  });

  it('is not what the next one is compared with who has shown a card', async () => {
    await firstIsNamed();
    room.watcher.forgetVisitor();
    room.who = 2;
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await room.after(3_000, room.watcher.seesAnother())).toBe(false);
    expect(room.others).toBe(0);
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
