import { Injectable } from '@nestjs/common';
import { MAX_RANGE_BYTES, type MapTilesAnswer } from '../../contract/map-tiles.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { describeTileArchive, readTileBytes, type TileBytes } from '../../infra/maps/tile-archive.js';

/** The installation's own map file. Nothing is asked outside: without the file the roads of the database are drawn as lines. */
@Injectable()
export class MapTiles {
  constructor(private readonly config: AppConfig) {}

  async describe(): Promise<MapTilesAnswer> {
    const file = this.config.mapTilesFile;
    if (file === null) return { state: 'none', tiles: null };
    const archive = await describeTileArchive(file).catch(() => 'missing' as const);
    if (archive === 'missing') return { state: 'missing', tiles: null };
    if (archive === null) return { state: 'damaged', tiles: null };
    const { kind, minZoom, maxZoom, bytes, bounds: [west, south, east, north] } = archive;
    return { state: 'ready', tiles: { kind, minZoom, maxZoom, bytes, bounds: [west, south, east, north] } };
  }

  /**
   * @param range one range of bytes as browsers ask for it
   * @throws DomainError DISPATCH.NO_MAP without a usable file, DISPATCH.MAP_RANGE for anything but one range of up to 16 MiB
   */
  async bytes(range: string | undefined): Promise<TileBytes> {
    const file = this.config.mapTilesFile;
    if (file === null) throw new DomainError('DISPATCH.NO_MAP', 'not-found');
    const [, first, last] = /^bytes=(\d{1,13})-(\d{1,13})$/.exec(range ?? '') ?? [];
    const [from, length] = [Number(first), Number(last) - Number(first) + 1];
    if (!(length > 0 && length <= MAX_RANGE_BYTES)) throw new DomainError('DISPATCH.MAP_RANGE', 'refused');
    const found = await readTileBytes(file, from, length).catch(() => null);
    if (found === null) throw new DomainError('DISPATCH.NO_MAP', 'not-found');
    return found;
  }
}
