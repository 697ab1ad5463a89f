import { open, type FileHandle } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import { inBox, roadsFromWays, waySpeedKmh, type Box, type MappedWay, type Place, type RoadGraphData } from '../../domain/routing/index.js';
import { packed, protoFields, VarintReader } from './protobuf.js';

/** Limits of the format: what is longer is no such file. */
const HEADER_MOST = 64 * 1024;
const BLOB_MOST = 32 * 1024 * 1024;
const KNOWN_FEATURES: ReadonlySet<string> = new Set(['OsmSchema-V0.6', 'DenseNodes']);
const NANO = 1e-9;
const WAYS = 3;

/** A file that is no OSM PBF, or one that asks for more than this reader can do. */
export class NoOsmPbf extends Error {
  constructor(why: string) {
    super(`not a readable OSM PBF file: ${why}`);
    this.name = 'NoOsmPbf';
  }
}

/**
 * Roads of an OpenStreetMap extract (PBF), cut to a box. The file is read twice, block by block: first the ways that are
 * roads, then the places of their nodes; so a province needs the memory of one district.
 *
 * @throws NoOsmPbf
 */
export async function readRoads(path: string, box: Box): Promise<RoadGraphData> {
  const ways: MappedWay[] = [];
  const wanted = new Set<number>();
  await eachBlock(path, (block) => {
    for (const way of waysOf(block)) {
      if (waySpeedKmh(way.tags) === null) continue;
      ways.push(way);
      for (const node of way.nodes) wanted.add(node);
    }
  });
  const places = new Map<number, Place>();
  await eachBlock(path, (block) => nodesOf(block, (id, place) => { if (wanted.has(id) && inBox(place, box)) places.set(id, place); }));
  return roadsFromWays(ways, (id) => places.get(id));
}

/** A block of data as its parts: strings once, groups of things that name them by number. */
interface Block { readonly strings: string[]; readonly groups: Uint8Array[]; readonly granularity: number; readonly latOffset: number; readonly lonOffset: number }

async function eachBlock(path: string, use: (block: Block) => void): Promise<void> {
  const file = await open(path, 'r');
  try {
    let position = 0;
    for (;;) {
      const length = await exactly(file, position, 4);
      if (length === null) return;
      const headerLength = length.readUInt32BE(0);
      if (headerLength === 0 || headerLength > HEADER_MOST) throw new NoOsmPbf(`header of ${headerLength} bytes`);
      const header = headerOf(await required(file, position + 4, headerLength));
      if (header.size > BLOB_MOST) throw new NoOsmPbf(`block of ${header.size} bytes`);
      const data = unpacked(await required(file, position + 4 + headerLength, header.size));
      if (header.type === 'OSMHeader') requireKnownFeatures(data);
      else if (header.type === 'OSMData') use(blockOf(data));
      position += 4 + headerLength + header.size;
    }
  } catch (error) {
    throw error instanceof RangeError ? new NoOsmPbf(error.message) : error;
  } finally {
    await file.close();
  }
}

/** @returns null at the end of the file */
async function exactly(file: FileHandle, position: number, length: number): Promise<Buffer | null> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead === 0) return null;
  if (bytesRead < length) throw new NoOsmPbf('it ends in the middle of a block');
  return buffer;
}

async function required(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = await exactly(file, position, length);
  if (bytes === null) throw new NoOsmPbf('it ends in the middle of a block');
  return bytes;
}

function headerOf(bytes: Uint8Array): { type: string; size: number } {
  let [type, size] = ['', 0];
  for (const field of protoFields(bytes)) {
    if (field.number === 1) type = Buffer.from(field.bytes).toString('utf8');
    if (field.number === 3) size = field.varint;
  }
  return { type, size };
}

function unpacked(bytes: Uint8Array): Uint8Array {
  for (const field of protoFields(bytes)) {
    if (field.number === 1) return field.bytes;
    if (field.number === 3) return inflated(field.bytes);
    if (field.number > 3) throw new NoOsmPbf('packed in another way than zlib');
  }
  throw new NoOsmPbf('an empty block');
}

function inflated(bytes: Uint8Array): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: BLOB_MOST });
  } catch {
    throw new NoOsmPbf('a damaged block');
  }
}

function requireKnownFeatures(bytes: Uint8Array): void {
  for (const field of protoFields(bytes)) {
    const feature = field.number === 4 ? Buffer.from(field.bytes).toString('utf8') : null;
    if (feature !== null && !KNOWN_FEATURES.has(feature)) throw new NoOsmPbf(`it needs ${feature}`);
  }
}

function blockOf(bytes: Uint8Array): Block {
  const block: { strings: string[]; groups: Uint8Array[]; granularity: number; latOffset: number; lonOffset: number } = { strings: [], groups: [], granularity: 100, latOffset: 0, lonOffset: 0 };
  for (const field of protoFields(bytes)) {
    if (field.number === 1) block.strings = [...protoFields(field.bytes)].filter((one) => one.number === 1).map((one) => Buffer.from(one.bytes).toString('utf8'));
    if (field.number === 2) block.groups.push(field.bytes);
    if (field.number === 17) block.granularity = field.varint;
    if (field.number === 19) block.latOffset = field.varint;
    if (field.number === 20) block.lonOffset = field.varint;
  }
  return block;
}

function* waysOf(block: Block): Generator<MappedWay> {
  for (const group of block.groups) for (const field of protoFields(group)) if (field.number === WAYS) yield wayOf(field.bytes, block.strings);
}

function wayOf(bytes: Uint8Array, strings: readonly string[]): MappedWay {
  let [keys, values]: [number[], number[]] = [[], []];
  const nodes: number[] = [];
  for (const field of protoFields(bytes)) {
    if (field.number === 2) keys = packed(field.bytes, false);
    if (field.number === 3) values = packed(field.bytes, false);
    if (field.number === 8) summed(field.bytes, (id) => nodes.push(id));
  }
  return { nodes, tags: Object.fromEntries(keys.map((key, index) => [strings[key] ?? '', strings[values[index] ?? 0] ?? ''])) };
}

function nodesOf(block: Block, use: (id: number, place: Place) => void): void {
  const placeOf = (lat: number, lon: number): Place => ({ latitude: NANO * (block.latOffset + block.granularity * lat), longitude: NANO * (block.lonOffset + block.granularity * lon) });
  for (const group of block.groups) {
    for (const field of protoFields(group)) {
      if (field.number === 1) plainNode(field.bytes, placeOf, use);
      if (field.number === 2) denseNodes(field.bytes, placeOf, use);
    }
  }
}

function plainNode(bytes: Uint8Array, placeOf: (lat: number, lon: number) => Place, use: (id: number, place: Place) => void): void {
  const values = new Map<number, number>();
  for (const field of protoFields(bytes)) if ([1, 8, 9].includes(field.number)) values.set(field.number, zigzag(field.varint));
  use(values.get(1) ?? 0, placeOf(values.get(8) ?? 0, values.get(9) ?? 0));
}

function denseNodes(bytes: Uint8Array, placeOf: (lat: number, lon: number) => Place, use: (id: number, place: Place) => void): void {
  const [ids, lats, lons]: [number[], number[], number[]] = [[], [], []];
  for (const field of protoFields(bytes)) {
    const into = { 1: ids, 8: lats, 9: lons }[field.number];
    if (into !== undefined) summed(field.bytes, (value) => into.push(value));
  }
  if (ids.length !== lats.length || ids.length !== lons.length) throw new NoOsmPbf('nodes without a place');
  ids.forEach((id, index) => use(id, placeOf(lats[index] ?? 0, lons[index] ?? 0)));
}

/** Each number is the difference to the one before. */
function summed(bytes: Uint8Array, use: (value: number) => void): void {
  const reader = new VarintReader(bytes);
  let value = 0;
  while (!reader.done) {
    value += reader.signed();
    use(value);
  }
}

function zigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
