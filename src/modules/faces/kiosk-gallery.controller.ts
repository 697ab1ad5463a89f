import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { GALLERY_BOX_INFO, type SealedBox } from '../../contract/devices.js';
import {
  galleryAnswer, galleryQuery, galleryReceiptAnswer, galleryReceiptRequest, type GalleryQuery as GalleryQueryRequest, type GalleryReceiptRequest,
} from '../../contract/faces.js';
import { DeviceRoute } from '../../infra/http/access.decorator.js';
import { CurrentDevice, type DeviceIdentity } from '../../infra/http/request-context.js';
import { ConfirmGallery } from './confirm-gallery.js';
import { GalleryQuery } from './gallery.query.js';
import { sealBox } from './seal-box.js';

/** The only way templates leave the server: sealed to one device, for the consenting seniors of its own point. */
@ApiTags('kiosk')
@Controller('kiosk/gallery')
export class KioskGalleryController {
  constructor(private readonly gallery: GalleryQuery, private readonly confirm: ConfirmGallery) {}

  @Get()
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskGallery', summary: 'Changes of the gallery, sealed to the device' })
  @ApiResponse({ status: 200, standardSchema: galleryAnswer })
  async changes(@Query({ schema: galleryQuery }) query: GalleryQueryRequest, @CurrentDevice() device: DeviceIdentity): Promise<SealedBox> {
    const content = await this.gallery.contentFor(device, query);
    return sealBox(await this.gallery.sealingKeyOf(device), JSON.stringify(content), GALLERY_BOX_INFO);
  }

  @Post('receipt')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskGalleryReceipt', summary: 'Everything up to a number is applied and what was removed is gone' })
  @ApiResponse({ status: 200, standardSchema: galleryReceiptAnswer })
  receipt(@Body({ schema: galleryReceiptRequest }) request: GalleryReceiptRequest, @CurrentDevice() device: DeviceIdentity): Promise<{ appliedSeq: number }> {
    return this.confirm.execute(device, request.seq);
  }
}
