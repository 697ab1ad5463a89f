import { Global, Module } from '@nestjs/common';
import { StaffAuthenticator } from '../../infra/http/authenticators.js';
import { SessionAuthenticator } from './session-authenticator.js';

/** Staff, sessions and roles. Global because the access guard of every route needs the authenticator. */
@Global()
@Module({
  providers: [{ provide: StaffAuthenticator, useClass: SessionAuthenticator }],
  exports: [StaffAuthenticator],
})
export class AccessModule {}
