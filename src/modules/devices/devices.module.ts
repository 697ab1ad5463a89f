import { Global, Module } from '@nestjs/common';
import { DeviceAuthenticator } from '../../infra/http/authenticators.js';
import { SignedDeviceAuthenticator } from './signed-device-authenticator.js';

/** Kiosks and other devices of the points. Global because the access guard of every route needs the authenticator. */
@Global()
@Module({
  providers: [{ provide: DeviceAuthenticator, useClass: SignedDeviceAuthenticator }],
  exports: [DeviceAuthenticator],
})
export class DevicesModule {}
