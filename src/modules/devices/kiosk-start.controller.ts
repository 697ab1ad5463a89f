import { Controller, Get, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { KIOSK_CONTRACT } from '../../contract/devices.js';
import { demoKioskCodeAnswer, kioskModeAnswer, type DemoKioskCodeAnswer, type KioskModeAnswer } from '../../contract/kiosk.js';
import { Clock } from '../../infra/clock/clock.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { serverPublicKey } from '../../infra/crypto/server-signature.js';
import { PublicRoute } from '../../infra/http/access.decorator.js';
import { FaceModels } from '../faces/index.js';
import { IssueDemoKioskCode } from './issue-demo-kiosk-code.js';

/** What a kiosk asks before it is anybody: whether this is a demo, what time it is. */
@ApiTags('kiosk')
@Controller()
export class KioskStartController {
  constructor(private readonly config: AppConfig, private readonly clock: Clock, private readonly keyring: Keyring, private readonly demoCode: IssueDemoKioskCode, private readonly models: FaceModels) {}

  @Get('kiosk/mode')
  @PublicRoute()
  @ApiOperation({ operationId: 'kioskMode', summary: 'Demo or not, and the time of the server' })
  @ApiResponse({ status: 200, standardSchema: kioskModeAnswer })
  async mode(): Promise<KioskModeAnswer> {
    const faceModels = await this.models.all();
    return { demo: this.config.demo, serverTimeMs: this.clock.now().getTime(), contract: KIOSK_CONTRACT, serverKey: serverPublicKey(this.keyring), faceModels };
  }

  @Post('demo/kiosk-code')
  @PublicRoute()
  @ApiOperation({ operationId: 'demoKioskCode', summary: 'A one-time code for a demo kiosk; demo mode only' })
  @ApiResponse({ status: 201, standardSchema: demoKioskCodeAnswer })
  code(): Promise<DemoKioskCodeAnswer> {
    return this.demoCode.execute();
  }
}
