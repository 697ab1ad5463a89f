import { createHash } from 'node:crypto';
import { makeKeys } from '../../../kiosk/src/device/crypto.js';
import { handInBatch } from '../../../kiosk/src/device/offline-queue.js';
import * as server from '../../../kiosk/src/device/server.js';
import { store, type DeviceSelf, type QueuedSale } from '../../../kiosk/src/device/store.js';
import { offlineSalesRequest } from '../../../src/contract/offline.js';

const row = (place: number, text: string): QueuedSale => ({ place, seq: place, text, signature: 's', hash: 'of the disk', atMs: 0 });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** What the server has kept. */
const kept: string[] = [];

/** A server that takes what the contract lets pass, but for texts that it dislikes. */
function serve(dislikes: (text: string) => boolean = () => false): void {
  kept.splice(0);
  jest.spyOn(globalThis, 'fetch').mockImplementation((_, options) => {
    const request = offlineSalesRequest.safeParse(JSON.parse(options?.body as string));
    if (!request.success || request.data.records.some(({ text }) => dislikes(text))) {
      return Promise.resolve(new Response(JSON.stringify({ code: 'REQUEST.INVALID', zh: '不对', en: 'Wrong' }), { status: 400 }));
    }
    kept.push(...request.data.records.map(({ text }) => text));
    return Promise.resolve(new Response(JSON.stringify({ results: request.data.records.map(({ text }) => ({ hash: sha256(text), state: 'review', code: null, mealId: null })), serverTimeMs: 0 })));
  });
}

beforeAll(async () => {
  const self: DeviceSelf = { id: 'self', deviceId: 'd', deviceName: '门口机', pointName: '一点', ...await makeKeys() };
  jest.spyOn(store.self, 'get').mockResolvedValue(self);
  await server.loadSelf();
});
afterAll(() => jest.restoreAllMocks());

describe('handing in what was sold without network', () => {
  it('lets go of each that the server has answered for', async () => {
    serve();
    expect(await handInBatch([row(1, 'one'), row(2, 'two')])).toEqual([1, 2]);
    expect(kept).toEqual(['one', 'two']);
  });

  it.each([['emptied', ''], ['blown up', 'x'.repeat(5_000)], ['no text at all', undefined as unknown as string]])('hands in a row that was %s as what can still be read, and the others with it', async (_, text) => {
    serve();
    expect(await handInBatch([row(1, 'one'), row(2, text), row(3, 'three')])).toEqual([1, 2, 3]);
    expect(kept).toEqual(['one', expect.stringContaining('"damaged":true,"seq":2'), 'three']);
  });

  it('hands in one by one what is refused together, and the one that is refused alone as what can be read', async () => {
    serve((text) => text === 'odd');
    expect(await handInBatch([row(1, 'one'), row(2, 'odd'), row(3, 'three')])).toEqual([1, 2, 3]);
    expect(kept).toEqual(['one', expect.stringContaining('"damaged":true'), 'three']);
  });

  it('keeps everything where the server does not answer', async () => {
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
    await expect(handInBatch([row(1, 'one')])).rejects.toThrow('unreachable');
  });
});
