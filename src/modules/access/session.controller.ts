import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import {
  changePasswordRequest, doneAnswer, loginRequest, scopedPointsAnswer, sessionAnswer, type ChangePasswordRequest, type DoneAnswer, type LoginRequest,
  type ScopedPointsAnswer, type SessionAnswer,
} from '../../contract/access.js';
import { drawnPinAnswer, ownPinAnswer, type DrawnPinAnswer, type OwnPinAnswer } from '../../contract/kiosk-panel.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Access, AnyStaff, PublicRoute } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type AppRequest, type StaffIdentity } from '../../infra/http/request-context.js';
import { AttendantPins } from './attendant-pins.js';
import { ChangePassword } from './change-password.js';
import { LogIn } from './log-in.js';
import { LogOut } from './log-out.js';
import { networkPlace } from './login-throttle.js';
import { ScopeQuery } from './scope.query.js';
import { SessionQuery } from './session.query.js';
import { SESSION_COOKIE, type OpenedSession } from './sessions.js';

const COOKIE = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;
const tokenOf = (request: AppRequest): unknown => (request.cookies as Record<string, unknown>)[SESSION_COOKIE];

@Controller('session')
export class SessionController {
  constructor(
    private readonly sessions: SessionQuery,
    private readonly scopes: ScopeQuery,
    private readonly logInUseCase: LogIn,
    private readonly logOutUseCase: LogOut,
    private readonly changePasswordUseCase: ChangePassword,
    private readonly pins: AttendantPins,
  ) {}

  @Get()
  @AnyStaff()
  @ApiOperation({ operationId: 'getSession', summary: 'Who is signed in' })
  @ApiResponse({ status: 200, standardSchema: sessionAnswer })
  get(@Req() request: AppRequest): Promise<SessionAnswer> {
    return this.sessions.of(tokenOf(request));
  }

  @Get('points')
  @AnyStaff()
  @ApiOperation({ operationId: 'listMyPoints', summary: 'The points inside the scope' })
  @ApiResponse({ status: 200, standardSchema: scopedPointsAnswer })
  async points(@CurrentStaff() staff: StaffIdentity): Promise<ScopedPointsAnswer> {
    return { points: await this.scopes.pointRowsOf(staff.scopeKind, staff.scopeId) };
  }

  @Post()
  @HttpCode(200)
  @PublicRoute()
  @ApiOperation({ operationId: 'logIn', summary: 'Sign in; sets the session cookie' })
  @ApiResponse({ status: 200, standardSchema: sessionAnswer })
  async logIn(@Body({ schema: loginRequest }) body: LoginRequest, @Req() request: AppRequest, @Res({ passthrough: true }) response: Response): Promise<SessionAnswer> {
    refuseOtherSites(request);
    const opened = await this.logInUseCase.execute({ ...body, address: networkPlace(request.ip), requestId: request.requestId, oldToken: tokenOf(request) });
    return this.hand(opened, response);
  }

  @Delete()
  @AnyStaff()
  @ApiOperation({ operationId: 'logOut', summary: 'Sign out; the session ends at once' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async logOut(@CurrentStaff() staff: StaffIdentity, @Req() request: AppRequest, @Res({ passthrough: true }) response: Response): Promise<DoneAnswer> {
    await this.logOutUseCase.execute({ staffId: staff.staffId, token: tokenOf(request), requestId: request.requestId });
    response.clearCookie(SESSION_COOKIE, COOKIE);
    return { done: true };
  }

  @Post('password')
  @HttpCode(200)
  @AnyStaff()
  @ApiOperation({ operationId: 'changePassword', summary: 'Replace the own password; all other sessions end' })
  @ApiResponse({ status: 200, standardSchema: sessionAnswer })
  async changePassword(
    @CurrentStaff() staff: StaffIdentity, @Body({ schema: changePasswordRequest }) body: ChangePasswordRequest,
    @Req() request: AppRequest, @Res({ passthrough: true }) response: Response,
  ): Promise<SessionAnswer> {
    const opened = await this.changePasswordUseCase.execute({ ...body, staffId: staff.staffId, address: networkPlace(request.ip), requestId: request.requestId });
    return this.hand(opened, response);
  }

  @Get('pin')
  @Access('attendant')
  @ApiOperation({ operationId: 'readKioskPin', summary: 'Whether the own number opens the kiosks of the own point without network' })
  @ApiResponse({ status: 200, standardSchema: ownPinAnswer })
  async pin(@CurrentStaff() staff: StaffIdentity): Promise<OwnPinAnswer> {
    return { state: await this.pins.stateOf(staff) };
  }

  @Post('pin')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'drawKioskPin', summary: 'A new number for the kiosks of the own point; shown this once' })
  @ApiResponse({ status: 200, standardSchema: drawnPinAnswer })
  drawPin(@CurrentStaff() staff: StaffIdentity): Promise<DrawnPinAnswer> {
    return this.pins.draw(staff);
  }

  private hand(opened: OpenedSession, response: Response): Promise<SessionAnswer> {
    response.cookie(SESSION_COOKIE, opened.token, COOKIE);
    return this.sessions.of(opened.token);
  }
}

/** Signing a visitor in from another site would let that site choose the account (login CSRF); browsers say where a request comes from. */
function refuseOtherSites(request: AppRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new DomainError('ACCESS.CSRF', 'forbidden');
}
