import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  galleryDoneAnswer, galleryKeysAnswer, keyCopiesRequest, newGalleryKeyRequest, resealedAnswer, resealedRequest,
  type GalleryKeysAnswer, type KeyCopiesRequest, type NewGalleryKeyRequest, type ResealedRequest,
} from '../../contract/gallery-keys.js';
import { DeviceRoute } from '../../infra/http/access.decorator.js';
import { CurrentDevice, type DeviceIdentity } from '../../infra/http/request-context.js';
import { faceRefusalsRequest, impostorsAnswer, impostorsRequest, type FaceRefusalsRequest, type ImpostorsRequest } from '../../contract/faces.js';
import { GalleryKeysQuery } from './gallery-keys.query.js';
import { HandOverKey } from './hand-over-key.js';
import { MakeGalleryKey } from './make-gallery-key.js';
import { NoteFaceRefusals } from './note-face-refusals.js';
import { NoteImpostors } from './note-impostors.js';
import { ResealTemplates } from './reseal-templates.js';

/** How the devices of a point keep its gallery key among themselves; the server carries boxes that it cannot open. */
@ApiTags('kiosk')
@Controller('kiosk/gallery')
export class KioskGalleryKeysController {
  constructor(
    private readonly keys: GalleryKeysQuery, private readonly make: MakeGalleryKey, private readonly handOver: HandOverKey, private readonly reseal: ResealTemplates,
    private readonly impostors: NoteImpostors, private readonly refusals: NoteFaceRefusals,
  ) {}

  @Get('keys')
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskGalleryKeys', summary: 'The gallery keys of the point, in boxes for this device' })
  @ApiResponse({ status: 200, standardSchema: galleryKeysAnswer })
  list(@CurrentDevice() device: DeviceIdentity): Promise<GalleryKeysAnswer> {
    return this.keys.forDevice(device);
  }

  @Post('keys')
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskMakeGalleryKey', summary: 'A new gallery key, made by this device' })
  @ApiResponse({ status: 201, standardSchema: galleryDoneAnswer })
  newKey(@Body({ schema: newGalleryKeyRequest }) request: NewGalleryKeyRequest, @CurrentDevice() device: DeviceIdentity): Promise<{ done: true }> {
    return this.make.execute(device, request);
  }

  @Post('keys/copies')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskHandOverKey', summary: 'Copies of the key for holders whose number was compared here' })
  @ApiResponse({ status: 200, standardSchema: galleryDoneAnswer })
  copies(@Body({ schema: keyCopiesRequest }) request: KeyCopiesRequest, @CurrentDevice() device: DeviceIdentity): Promise<{ done: true }> {
    return this.handOver.fromDevice(device, request);
  }

  @Post('resealed')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskResealed', summary: 'Templates closed to the current key' })
  @ApiResponse({ status: 200, standardSchema: resealedAnswer })
  resealed(@Body({ schema: resealedRequest }) request: ResealedRequest, @CurrentDevice() device: DeviceIdentity): Promise<{ taken: number }> {
    return this.reseal.execute(device, request);
  }

  @Post('impostors')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskImpostors', summary: 'How near different people of the gallery come to each other, without saying who' })
  @ApiResponse({ status: 200, standardSchema: impostorsAnswer })
  measured(@Body({ schema: impostorsRequest }) request: ImpostorsRequest, @CurrentDevice() device: DeviceIdentity): Promise<{ noted: true }> {
    return this.impostors.execute(device, request);
  }

  @Post('refusals')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskFaceRefusals', summary: 'Faces that did not turn as asked' })
  @ApiResponse({ status: 200, standardSchema: impostorsAnswer })
  turnedAway(@Body({ schema: faceRefusalsRequest }) request: FaceRefusalsRequest, @CurrentDevice() device: DeviceIdentity): Promise<{ noted: true }> {
    return this.refusals.fromKiosk(device, request);
  }
}
