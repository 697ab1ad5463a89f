import { GALLERY_BOX_INFO } from '../../../src/contract/devices.js';
import { FACE_MODEL_ID, impostorsRequest, recognitionSettings, type ImpostorsRequest, type RecognitionSettings } from '../../../src/contract/faces.js';
import { measuredFrom } from '../../../src/domain/identity/index.js';
import { sealBox } from '../../../src/modules/faces/seal-box.js';
import { makeKeys, publicJwk } from '../../../kiosk/src/device/crypto.js';
import { Gallery } from '../../../kiosk/src/device/gallery.js';
import { encoded, faceOf } from '../../fixtures/faces.js';
import * as server from '../../../kiosk/src/device/server.js';
import { store, type DeviceSelf } from '../../../kiosk/src/device/store.js';

const installed = recognitionSettings.parse({ minSimilarity: 0.6, minMargin: 0.1, framesNeeded: 3, minQuality: 0.5, falseMatchPpm: 1, maxRiskPpm: 1_000 });
let settings: RecognitionSettings;
let self: DeviceSelf;
/** What the server was told to be applied, and what fails on the way; the disk has no IndexedDB here, so its writes are counted. */
let receipts: number[];
let written: number;
let onDisk: unknown;
let failing: { receipt: boolean; disk: boolean };
/** How far the point's gallery has got; nobody is in it any more. */
let seq: number;
let put: object[];
let inUse: string | undefined;
/** What it told of how near people come to each other. */
let told: ImpostorsRequest[];

beforeAll(async () => {
  self = { id: 'self', deviceId: 'd', deviceName: '门口机', pointName: '一点', ...await makeKeys() };
  jest.spyOn(store.self, 'get').mockResolvedValue(self);
  await server.loadSelf();
});
beforeEach(async () => {
  [receipts, written, failing, seq, settings, onDisk, put, told] = [[], 0, { receipt: false, disk: false }, 3, installed, undefined, [], []];
  const key = await publicJwk(self.sealing.publicKey);
  jest.spyOn(store.gallery, 'put').mockImplementation(((row: unknown) => {
    if (failing.disk) return Promise.reject(new Error('the disk is full'));
    [written, onDisk] = [written + 1, row];
    return Promise.resolve('gallery');
  }) as never);
  jest.spyOn(globalThis, 'fetch').mockImplementation((input, options) => {
    const path = input as string;
    if (path.endsWith('/kiosk/gallery/receipt')) {
      if (failing.receipt) return Promise.reject(new Error('lost'));
      receipts.push((JSON.parse(options?.body as string) as { seq: number }).seq);
      return Promise.resolve(new Response(JSON.stringify({ appliedSeq: seq })));
    }
    if (path.endsWith('/kiosk/gallery/impostors')) told.push(JSON.parse(options?.body as string) as ImpostorsRequest);
    if (!path.includes('/kiosk/gallery?')) return Promise.resolve(new Response(JSON.stringify({ code: 'NOT_FOUND', zh: '', en: '' }), { status: 404 }));
    return Promise.resolve(new Response(JSON.stringify(sealBox(key, JSON.stringify({ seq, modelId: 'm', modelInUse: inUse, settings, put, remove: [] }), GALLERY_BOX_INFO))));
  });
});
afterAll(() => jest.restoreAllMocks());

describe('the word of a kiosk that a face is gone from it', () => {
  it('is given again with the next exchange where it was lost, and once where it arrived', async () => {
    const gallery = new Gallery(self, 'm');
    failing.receipt = true;
    await expect(gallery.sync()).rejects.toThrow('unreachable');
    failing.receipt = false;
    await gallery.sync();
    await gallery.sync();
    expect([receipts, written]).toEqual([[3], 1]);
    seq = 4;
    await gallery.sync();
    expect([receipts, written]).toEqual([[3, 4], 2]);
  });

  it('is not given before the disk has let go of it', async () => {
    const gallery = new Gallery(self, 'm');
    failing.disk = true;
    await expect(gallery.sync()).rejects.toThrow('the disk is full');
    await expect(gallery.sync()).rejects.toThrow('the disk is full');
    expect(receipts).toEqual([]);
    failing.disk = false;
    await gallery.sync();
    expect([receipts, written]).toEqual([[3], 1]);
  });
});

describe('the model that the people of a point are compared by', () => {
  it('is told with each exchange, and a server of before says nothing of it', async () => {
    const gallery = new Gallery(self, 'm');
    inUse = undefined;
    await gallery.sync();
    expect([gallery.model, gallery.followedBy]).toEqual(['m', null]);
    inUse = 'next';
    await gallery.sync();
    expect([gallery.model, gallery.followedBy]).toEqual(['m', 'next']);
  });
});

describe('how near people come to each other', () => {
  it('is told from the threshold of the model on, with the similarities it was counted at', async () => {
    settings = { ...installed, minSimilarity: 0.45 };
    put = [1, 2].map((seed) => ({ personCode: `p${seed}`, maskedName: '张*', descriptor: encoded(faceOf(seed)) }));
    await new Gallery(self, 'm').sync();
    expect(told).toEqual([expect.objectContaining({ people: 2, similarities: measuredFrom(0.45) })]);
    expect(impostorsRequest.safeParse({ ...told[0], modelId: FACE_MODEL_ID }).success).toBe(true);
  });
});

describe('a face that comes again closed to a key which this machine does not hold yet', () => {
  /** A person who is known, then told anew as `version`. @returns the name by which the machine knows them then; null where it forgot them */
  async function toldAnew(version: string): Promise<string | null> {
    const gallery = new Gallery(self, 'm');
    const sealed = { keyId: '01900000-0000-7000-8000-00000000000a', box: sealBox(await publicJwk((await makeKeys()).sealing.publicKey), 'closed', 'to nobody here') };
    put = [{ personCode: 'P1', maskedName: '张女士', descriptor: encoded(faceOf(1)), version: 'v1' }];
    await gallery.sync();
    [seq, put] = [4, [{ personCode: 'P1', maskedName: '章女士', sealed, version }]];
    await gallery.sync();
    return gallery.nameOf('P1');
  }

  it('stays known, by the name of today, where it is the same capture', async () => expect(await toldAnew('v1')).toBe('章女士'));

  it('is forgotten where it is a newer capture', async () => expect(await toldAnew('v2')).toBeNull());
});

describe('how this site decides', () => {
  it('is on the disk with the next exchange where no face has changed, and the server is not told twice', async () => {
    const gallery = new Gallery(self, 'm');
    await gallery.sync();
    settings = { ...installed, maxRiskPpm: 1, liveness: 'always', falseMatchTail: [{ similarity: 0.9, falseMatchPpm: 1 }] };
    await gallery.sync();
    await gallery.sync();
    expect([receipts, written]).toEqual([[3], 2]);
    jest.spyOn(store.gallery, 'get').mockResolvedValue(onDisk);
    const afterPowerCut = new Gallery(self, 'm');
    await afterPowerCut.load();
    expect(afterPowerCut.settings).toEqual(settings);
  });
});
