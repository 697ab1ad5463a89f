import { Controller, Get, Headers, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { mapTilesAnswer, type MapTilesAnswer } from '../../contract/map-tiles.js';
import { Access } from '../../infra/http/access.decorator.js';
import { MapTiles } from './map-tiles.query.js';

/** The map file of the installation, for those who read routes; by ranges, as map programs read it. */
@Controller('dispatch/map')
export class MapTilesController {
  constructor(private readonly tiles: MapTiles) {}

  @Get()
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'mapTiles', summary: 'Whether this installation has a map file, and what it covers' })
  @ApiResponse({ status: 200, standardSchema: mapTilesAnswer })
  describe(): Promise<MapTilesAnswer> {
    return this.tiles.describe();
  }

  @Get('tiles')
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'mapTileBytes', summary: 'One range of bytes of the map file' })
  @ApiResponse({ status: 206, description: 'The bytes asked for by the Range header' })
  async bytes(@Headers('range') range: string | undefined, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const { archive, from, content } = await this.tiles.bytes(range);
    response.status(206);
    response.setHeader('Content-Range', `bytes ${from}-${from + content.length - 1}/${archive.bytes}`);
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('ETag', archive.tag);
    return new StreamableFile(content, { type: 'application/octet-stream', length: content.length });
  }
}
