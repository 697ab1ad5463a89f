import { Global, Module } from '@nestjs/common';
import { Neighbourhood, StaffAuthenticator } from '../../infra/http/authenticators.js';
import { SitesModule } from '../sites/index.js';
import { AttendantPins } from './attendant-pins.js';
import { BootChecks } from './boot-checks.js';
import { ChangePassword } from './change-password.js';
import { ChangeScope } from './change-scope.js';
import { CreateFirstAdministrator } from './create-first-administrator.js';
import { CreateStaff } from './create-staff.js';
import { EndCrewAccounts } from './end-crew-accounts.js';
import { FirstAdministratorController } from './first-administrator.controller.js';
import { LogIn } from './log-in.js';
import { OwnPassword } from './own-password.js';
import { PasswordCheck } from './password-check.js';
import { LogOut } from './log-out.js';
import { LoginThrottle } from './login-throttle.js';
import { ResetPassword } from './reset-password.js';
import { ScopeQuery } from './scope.query.js';
import { ScopeService } from './scope-service.js';
import { SessionAuthenticator } from './session-authenticator.js';
import { SessionController } from './session.controller.js';
import { SessionQuery } from './session.query.js';
import { Sessions } from './sessions.js';
import { SetStaffActive } from './set-staff-active.js';
import { StaffAdministration } from './staff-administration.js';
import { StaffController } from './staff.controller.js';
import { StaffRegisterQuery } from './staff-register.query.js';
import { StreetNeighbourhood } from './street-neighbourhood.js';
import { VouchForStep } from './vouch-for-step.js';

/** Staff, sessions and roles. Global because the access guard of every route needs the authenticator. */
@Global()
@Module({
  imports: [SitesModule],
  controllers: [SessionController, FirstAdministratorController, StaffController],
  providers: [
    { provide: StaffAuthenticator, useClass: SessionAuthenticator },
    { provide: Neighbourhood, useClass: StreetNeighbourhood },
    AttendantPins, BootChecks, ChangePassword, ChangeScope, CreateFirstAdministrator, CreateStaff, EndCrewAccounts, LogIn, LogOut, OwnPassword, PasswordCheck,
    LoginThrottle, ResetPassword, ScopeQuery, ScopeService, SessionQuery, Sessions, SetStaffActive, StaffAdministration, StaffRegisterQuery, VouchForStep,
  ],
  exports: [AttendantPins, EndCrewAccounts, OwnPassword, VouchForStep, StaffAuthenticator, Neighbourhood, ScopeService, CreateFirstAdministrator],
})
export class AccessModule {}
