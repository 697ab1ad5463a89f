import { Global, Module } from '@nestjs/common';
import { DeviceAuthenticator } from '../../infra/http/authenticators.js';
import { FacesModule } from '../faces/index.js';
import { NoticesModule } from '../notices/index.js';
import { SitesModule } from '../sites/index.js';
import { CallStaff } from './call-staff.js';
import { CodeGuessThrottle } from './code-guess-throttle.js';
import { DeviceCodes } from './device-code.js';
import { ConfirmPlace } from './confirm-place.js';
import { DeviceListQuery } from './device-list.query.js';
import { DevicePlaces } from './device-places.js';
import { DeviceSelfQuery } from './device-self.query.js';
import { DevicesController } from './devices.controller.js';
import { DeviceSharesQuery } from './device-shares.query.js';
import { EnrolDevice } from './enrol-device.js';
import { HearDevice } from './hear-device.js';
import { HelpCalls } from './help-calls.js';
import { HelpCallsController } from './help-calls.controller.js';
import { IssueDemoKioskCode } from './issue-demo-kiosk-code.js';
import { IssueDeviceCode } from './issue-device-code.js';
import { KioskHelpController } from './kiosk-help.controller.js';
import { KioskStartController } from './kiosk-start.controller.js';
import { LapsePlaces } from './lapse-places.js';
import { NoncePurge } from './nonce-purge.js';
import { RaiseDeviceAlarm } from './raise-device-alarm.js';
import { RevokeDevice } from './revoke-device.js';
import { SignedDeviceAuthenticator } from './signed-device-authenticator.js';
import { UnsentKiosks } from './unsent-kiosks.query.js';

/** Kiosks and other devices of the points. Global because the access guard of every route needs the authenticator. */
@Global()
@Module({
  imports: [FacesModule, NoticesModule, SitesModule],
  controllers: [DevicesController, HelpCallsController, KioskHelpController, KioskStartController],
  providers: [
    { provide: DeviceAuthenticator, useClass: SignedDeviceAuthenticator },
    CallStaff, CodeGuessThrottle, ConfirmPlace, DeviceCodes, DeviceListQuery, DevicePlaces, DeviceSelfQuery, DeviceSharesQuery, EnrolDevice, HearDevice, HelpCalls, IssueDemoKioskCode, IssueDeviceCode, LapsePlaces, NoncePurge, RaiseDeviceAlarm, RevokeDevice, UnsentKiosks,
  ],
  exports: [DeviceAuthenticator, RaiseDeviceAlarm, UnsentKiosks],
})
export class DevicesModule {}
