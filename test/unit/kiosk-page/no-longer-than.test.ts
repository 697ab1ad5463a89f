import { noLongerThan } from '../../../kiosk/src/device/no-longer-than.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('waiting for an answer', () => {
  it('ends with the answer, and with its failure', async () => {
    await expect(noLongerThan(1_000, Promise.resolve('here'), () => 'late')).resolves.toBe('here');
    await expect(noLongerThan(1_000, Promise.reject(new Error('refused')), () => 'late')).rejects.toThrow('refused');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends by itself where none comes, whatever becomes of it later', async () => {
    let fail: (reason: Error) => void = () => undefined;
    const work = new Promise<string>((_, failed) => { fail = failed; });
    const waiting = noLongerThan(1_000, work, () => 'late');
    await jest.advanceTimersByTimeAsync(1_000);
    await expect(waiting).resolves.toBe('late');
    fail(new Error('nobody hears this'));
    const thrown = noLongerThan(1_000, new Promise<string>(() => undefined), () => { throw new Error('away'); });
    const seen = expect(thrown).rejects.toThrow('away');
    await jest.advanceTimersByTimeAsync(1_000);
    await seen;
  });
});
