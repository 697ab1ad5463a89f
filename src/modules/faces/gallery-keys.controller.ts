import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  abandonKeyAnswer, abandonKeyRequest, galleryDoneAnswer, galleryKeyListAnswer, recoveryBoxAnswer, recoveryCopiesRequest, recoveryKeyRequest,
  type AbandonKeyRequest, type GalleryKeyListAnswer, type RecoveryBoxAnswer, type RecoveryCopiesRequest, type RecoveryKeyRequest,
} from '../../contract/gallery-keys.js';
import { pathId } from '../../contract/seniors.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { GalleryKeysQuery } from './gallery-keys.query.js';
import { HandOverKey } from './hand-over-key.js';
import { ManageGalleryKeys } from './manage-gallery-keys.js';

/** Gallery keys as staff see them. Private halves are opened in devices and on the recovery page only. */
@ApiTags('devices')
@Controller('gallery-keys')
export class GalleryKeysController {
  constructor(private readonly keys: GalleryKeysQuery, private readonly manage: ManageGalleryKeys, private readonly handOver: HandOverKey) {}

  @Get()
  @Access('administrator', 'street', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'listGalleryKeys', summary: 'Points, their gallery keys and who holds them' })
  @ApiResponse({ status: 200, standardSchema: galleryKeyListAnswer })
  list(@CurrentActor() actor: Actor): Promise<GalleryKeyListAnswer> {
    return this.keys.list(actor);
  }

  @Post('points/:pointId/sealing')
  @HttpCode(200)
  @Access('administrator', 'street')
  @ApiOperation({ operationId: 'beginSealing', summary: 'Begin to seal the gallery of a point' })
  @ApiResponse({ status: 200, standardSchema: galleryDoneAnswer })
  begin(@Param('pointId', { schema: pathId }) pointId: string, @CurrentActor() actor: Actor): Promise<{ done: true }> {
    return this.manage.beginSealing(pointId, actor);
  }

  @Post('devices/:deviceId/approval')
  @HttpCode(200)
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'approveGalleryDevice', summary: 'Allow a device to be given the gallery key' })
  @ApiResponse({ status: 200, standardSchema: galleryDoneAnswer })
  approve(@Param('deviceId', { schema: pathId }) deviceId: string, @CurrentActor() actor: Actor): Promise<{ done: true }> {
    return this.manage.approve(deviceId, actor);
  }

  @Post('recovery')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'setRecoveryKey', summary: 'The public half of the recovery key on paper' })
  @ApiResponse({ status: 200, standardSchema: galleryDoneAnswer })
  recovery(@Body({ schema: recoveryKeyRequest }) request: RecoveryKeyRequest, @CurrentActor() actor: Actor): Promise<{ done: true }> {
    return this.manage.setRecovery(request.publicKey, actor);
  }

  @Get(':keyId/recovery')
  @Access('street')
  @ApiOperation({ operationId: 'readRecoveryBox', summary: 'The box for the recovery key, and the devices that may be given its content' })
  @ApiResponse({ status: 200, standardSchema: recoveryBoxAnswer })
  recoveryBox(@Param('keyId', { schema: pathId }) keyId: string, @CurrentActor() actor: Actor): Promise<RecoveryBoxAnswer> {
    return this.keys.recoveryBox(keyId, actor);
  }

  @Post(':keyId/recovery')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'recoverGalleryKey', summary: 'Copies of a gallery key, made with the recovery key' })
  @ApiResponse({ status: 200, standardSchema: galleryDoneAnswer })
  recover(
    @Param('keyId', { schema: pathId }) keyId: string, @Body({ schema: recoveryCopiesRequest }) request: RecoveryCopiesRequest, @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.handOver.fromRecovery(keyId, request.copies, actor);
  }

  @Post(':keyId/abandonment')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'abandonGalleryKey', summary: 'Give up a key that no device holds; its people are captured again' })
  @ApiResponse({ status: 200, standardSchema: abandonKeyAnswer })
  abandon(
    @Param('keyId', { schema: pathId }) keyId: string, @Body({ schema: abandonKeyRequest }) request: AbandonKeyRequest, @CurrentActor() actor: Actor,
  ): Promise<{ forgotten: number }> {
    return this.manage.abandon(keyId, request.reason, actor);
  }
}
