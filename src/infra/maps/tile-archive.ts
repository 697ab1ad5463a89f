import { open, type FileHandle } from 'node:fs/promises';

/**
 * One file of map tiles in the open PMTiles format, version 3: header, directories and tiles in one archive, read by byte
 * ranges. Coordinates are WGS-84.
 */
export interface TileArchive {
  readonly kind: 'vector' | 'raster';
  readonly bytes: number;
  readonly minZoom: number; readonly maxZoom: number;
  /** west, south, east, north in degrees */
  readonly bounds: readonly [number, number, number, number];
  /** Changes when the file is replaced, so that ranges of two files are never mixed. */
  readonly tag: string;
}
export interface TileBytes { readonly archive: TileArchive; readonly from: number; readonly content: Buffer }

const HEADER_BYTES = 127;
const MAGIC = 'PMTiles';
const VERSION = 3;
/** tile type of the header: 1 vector (MVT); 2 to 5 pictures (PNG, JPEG, WebP, AVIF) */
const PICTURES = [2, 3, 4, 5];
/** none or gzip: what every browser opens */
const READABLE = [1, 2];
const PER_DEGREE = 1e7;

/** @returns null where the file is none, is cut off, or holds what no browser can open. @throws what the file system says */
export async function describeTileArchive(file: string): Promise<TileArchive | null> {
  return withFile(file, archiveOf);
}

/**
 * @param from first byte; @param length bytes asked for, fewer are answered at the end of the file
 * @returns null where the archive cannot be read or the range begins behind its end. @throws what the file system says
 */
export async function readTileBytes(file: string, from: number, length: number): Promise<TileBytes | null> {
  return withFile(file, async (handle) => {
    const archive = await archiveOf(handle);
    if (archive === null || from >= archive.bytes) return null;
    const content = Buffer.alloc(Math.min(length, archive.bytes - from));
    const { bytesRead } = await handle.read(content, 0, content.length, from);
    return { archive, from, content: content.subarray(0, bytesRead) };
  });
}

async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, 'r');
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function archiveOf(handle: FileHandle): Promise<TileArchive | null> {
  const { size, mtimeMs } = await handle.stat();
  const header = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await handle.read(header, 0, HEADER_BYTES, 0);
  if (bytesRead < HEADER_BYTES || header.toString('latin1', 0, 7) !== MAGIC || header.readUInt8(7) !== VERSION) return null;
  // Root directory, metadata, leaf directories, tiles: each an offset and a length.
  const sections = [8, 24, 40, 56].map((at) => Number(header.readBigUInt64LE(at) + header.readBigUInt64LE(at + 8)));
  const type = header.readUInt8(99);
  if (sections.some((end) => end > size) || !READABLE.includes(header.readUInt8(97)) || !READABLE.includes(header.readUInt8(98))) return null;
  if (type !== 1 && !PICTURES.includes(type)) return null;
  const degrees = (at: number): number => header.readInt32LE(at) / PER_DEGREE;
  return {
    kind: type === 1 ? 'vector' : 'raster', bytes: size, minZoom: header.readUInt8(100), maxZoom: header.readUInt8(101),
    bounds: [degrees(102), degrees(106), degrees(110), degrees(114)], tag: `"${size.toString(16)}-${Math.round(mtimeMs).toString(16)}"`,
  };
}
