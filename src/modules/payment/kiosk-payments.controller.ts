import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import {
  kioskIdentifyAnswer, kioskIdentifyRequest, kioskPaymentAnswer, kioskPaymentOutcomeAnswer, kioskPaymentRequest, kioskQuoteAnswer, kioskQuoteRequest, kioskQuotesAnswer, kioskQuotesRequest,
  kioskTodayAnswer, kioskTodayQuery, type KioskIdentifyAnswer, type KioskIdentifyRequest, type KioskPaymentAnswer, type KioskPaymentOutcomeAnswer, type KioskPaymentRequest,
  type KioskQuoteAnswer, type KioskQuoteRequest, type KioskQuotesAnswer, type KioskQuotesRequest, type KioskTodayAnswer, type KioskTodayQuery,
} from '../../contract/kiosk.js';
import { kioskPanelAnswer, kioskPanelRequest, type KioskPanelAnswer, type KioskPanelRequest } from '../../contract/kiosk-panel.js';
import { pathId } from '../../contract/seniors.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { SetMealId } from '../../domain/kernel/ids.js';
import { DeviceRoute } from '../../infra/http/access.decorator.js';
import { CurrentDevice, IdempotencyKey, type DeviceIdentity } from '../../infra/http/request-context.js';
import { RaiseDeviceAlarm } from '../devices/index.js';
import { GiveUpPayment } from './give-up-payment.js';
import { KioskCounter } from './kiosk-counter.js';
import { channelOf, KioskIdentification } from './kiosk-identification.js';
import { OpenKioskPanel } from './open-kiosk-panel.js';
import { PaymentOutcome } from './payment-outcome.query.js';
import { SellMeal } from './sell-meal.js';

/** What a kiosk asks while somebody stands in front of it. The point always comes from the device's own record. */
@ApiTags('kiosk')
@Controller('kiosk')
export class KioskPaymentsController {
  constructor(
    private readonly counter: KioskCounter,
    private readonly identification: KioskIdentification,
    private readonly sellMeal: SellMeal,
    private readonly outcome: PaymentOutcome,
    private readonly openPanel: OpenKioskPanel,
    private readonly giveUpPayment: GiveUpPayment,
    private readonly alarm: RaiseDeviceAlarm,
  ) {}

  @Get('today')
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskToday', summary: 'What this point serves now' })
  @ApiResponse({ status: 200, standardSchema: kioskTodayAnswer })
  today(@CurrentDevice() device: DeviceIdentity, @Query({ schema: kioskTodayQuery }) query: KioskTodayQuery): Promise<KioskTodayAnswer> {
    return this.counter.today(device.pointId, query.weighed === '1');
  }

  @Post('identify')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskIdentify', summary: 'Masked candidates for phone digits, a card, or a named collector' })
  @ApiResponse({ status: 200, standardSchema: kioskIdentifyAnswer })
  identify(@CurrentDevice() device: DeviceIdentity, @Body({ schema: kioskIdentifyRequest }) request: KioskIdentifyRequest): Promise<KioskIdentifyAnswer> {
    return this.counter.candidates(device, request);
  }

  @Post('quotes')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskQuote', summary: 'What this person pays for this meal, and who pays the rest' })
  @ApiResponse({ status: 200, standardSchema: kioskQuoteAnswer })
  quote(@CurrentDevice() device: DeviceIdentity, @Body({ schema: kioskQuoteRequest }) request: KioskQuoteRequest): Promise<KioskQuoteAnswer> {
    return this.counter.quote(device, request);
  }

  @Post('quotes/all')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskQuotes', summary: 'What this person pays for each of up to three meals' })
  @ApiResponse({ status: 200, standardSchema: kioskQuotesAnswer })
  quotes(@CurrentDevice() device: DeviceIdentity, @Body({ schema: kioskQuotesRequest }) request: KioskQuotesRequest): Promise<KioskQuotesAnswer> {
    return this.counter.quotes(device, request);
  }

  @Post('payments')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskPay', summary: 'Pays one meal once' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: kioskPaymentAnswer })
  async pay(
    @CurrentDevice() device: DeviceIdentity, @IdempotencyKey() key: string,
    @Body({ schema: kioskPaymentRequest }) request: KioskPaymentRequest, @Res({ passthrough: true }) response: Response,
  ): Promise<KioskPaymentAnswer> {
    const { replayed, ...answer } = await this.sellMeal.execute({
      pointId: device.pointId, actor: { kind: 'device', id: device.deviceId }, key, request,
      setMealId: request.setMealId as SetMealId, plate: request.plate, channel: channelOf(request.claim), tender: 'wallet', hidesBalance: request.claim.kind === 'collector', expectedDueFen: request.expectedDueFen,
      identify: (tx) => this.identification.identify(tx, device, request.claim),
    }).catch(async (error: unknown) => {
      if (error instanceof DomainError && error.code === 'IDEMPOTENCY.KEY_REUSED') await this.alarm.execute(device.deviceId, 'payment-key-reused');
      throw error;
    });
    if (replayed) response.setHeader('Idempotency-Hit', 'true');
    return answer;
  }

  @Post('panel')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'openKioskPanel', summary: 'What an attendant of the point may see at the kiosk' })
  @ApiResponse({ status: 200, standardSchema: kioskPanelAnswer })
  panel(@CurrentDevice() device: DeviceIdentity, @Body({ schema: kioskPanelRequest }) request: KioskPanelRequest): Promise<KioskPanelAnswer> {
    return this.openPanel.execute(device, request.pin);
  }

  @Get('payments/:key')
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskPaymentOutcome', summary: 'What became of a payment whose answer was lost' })
  @ApiResponse({ status: 200, standardSchema: kioskPaymentOutcomeAnswer })
  outcomeOf(@CurrentDevice() device: DeviceIdentity, @Param('key') key: string): Promise<KioskPaymentOutcomeAnswer> {
    return this.outcome.of(device, key);
  }

  @Post('payments/:key/end')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskGiveUpPayment', summary: 'Gives a payment up that had no answer: nothing is charged under its key from now on' })
  @ApiResponse({ status: 200, standardSchema: kioskPaymentOutcomeAnswer })
  giveUp(@CurrentDevice() device: DeviceIdentity, @Param('key', { schema: pathId }) key: string): Promise<KioskPaymentOutcomeAnswer> {
    return this.giveUpPayment.execute(device, key);
  }
}
