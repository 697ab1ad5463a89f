import 'reflect-metadata';
import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CAPABILITIES } from '../../src/capabilities.js';
import { FixedClock } from '../../src/infra/clock/clock.js';
import { AppConfig } from '../../src/infra/config/app-config.js';
import { InfraModule } from '../../src/infra/infra.module.js';
import { bullConnection } from '../../src/infra/queue/redis.js';
import { CareConsumerModule, CareKeeper } from '../../src/modules/care/care-consumer.module.js';

/** One minute of the simulated day, told by the parent. */
export interface Minute { readonly atMs: number }

/**
 * The worker's part of care as a process of its own, with the keeper and the processor that production runs, so that it can be
 * killed with signal 9 while a timer is at work. Its clock stands where the parent says.
 */
const config = AppConfig.parse(JSON.parse(process.argv[2]));
const clock = new FixedClock(new Date(Number(process.argv[3])));

@Module({
  imports: [
    InfraModule.forRoot(config, clock), BullModule.forRoot({ connection: bullConnection(config, 'worker'), prefix: config.redisPrefix }),
    ...CAPABILITIES, CareConsumerModule,
  ],
})
class TimerWorkerModule {}

const app = await NestFactory.createApplicationContext(TimerWorkerModule, { logger: false, abortOnError: false });
const keeper = app.get(CareKeeper, { strict: false });
process.on('message', (minute: Minute) => {
  clock.moveTo(new Date(minute.atMs));
  void keeper.beat().then(() => process.send?.('beaten'));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
