import { hostname } from 'node:os';
import { Injectable, Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { connect, type IPublishPacket, type MqttClient } from 'mqtt';
import { probeReadingsRequest } from '../../contract/food-safety.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { FoodSafetyModule } from './food-safety.module.js';
import { ProbeBook } from './probe-book.js';

const RECONNECT_MS = 5_000;
const LARGEST_BYTES = 64 * 1024;

/**
 * Readings of probes that come over MQTT: the same message as over HTTP, proven by the same key of the probe. The broker
 * is told "taken" only once the readings are stored; what it kept while no worker ran, or while the database was away, it
 * brings again, and a reading that was stored twice counts once.
 */
@Injectable()
export class ProbeSubscription implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ProbeSubscription.name);
  private client: MqttClient | null = null;

  constructor(private readonly config: AppConfig, private readonly probes: ProbeBook) {}

  onApplicationBootstrap(): void {
    const settings = this.config.probesMqtt;
    if (settings === null) return;
    // One session a machine: the broker keeps for it what arrives while it is away.
    const client = connect(settings.url, { clientId: `${this.config.redisPrefix}-probes-${hostname()}`, clean: false, reconnectPeriod: RECONNECT_MS });
    client.handleMessage = (packet, done): void => {
      this.take(packet).then(() => { done(); }, (error: unknown) => {
        this.logger.warn({ msg: 'probe readings not stored, asked for again', cause: String(error) });
        client.stream.destroy();
      });
    };
    client.on('connect', () => { client.subscribe(settings.topic, { qos: 1 }); });
    client.on('error', (error) => { this.logger.warn({ msg: 'probe broker', cause: error.message }); });
    this.client = client;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.endAsync(true);
  }

  /** What no repetition would mend (not a message of ours, an unknown key) is left out; anything else is thrown. */
  private async take({ payload }: IPublishPacket): Promise<void> {
    const text = payload.toString();
    const read = text.length > LARGEST_BYTES ? null : probeReadingsRequest.safeParse(parsed(text));
    if (read?.success !== true) {
      this.logger.warn({ msg: 'probe message left out: not readings' });
      return;
    }
    try {
      await this.probes.take(read.data);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.logger.warn({ msg: 'probe message left out', cause: error.code });
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

const WATCH_EVERY_MS = 60_000;

/** Tells of probes that say nothing any more: a fridge nobody hears of is not known to be cold. Each silence is told once. */
@Injectable()
export class ProbeWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ProbeWatch.name);
  private timer: NodeJS.Timeout | null = null;
  private busy: Promise<void> = Promise.resolve();

  constructor(private readonly probes: ProbeBook) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => { this.look(); }, WATCH_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.busy;
  }

  private look(): void {
    this.busy = this.busy.then(async () => { await this.probes.tellSilent(); }).catch((error: unknown) => {
      this.logger.warn({ msg: 'silent probes wait', cause: error instanceof Error ? error.message : 'unknown' });
    });
  }
}

/** Listens to the probes' broker where one is set, and watches for silence; in the worker process only. */
@Module({ imports: [FoodSafetyModule], providers: [ProbeSubscription, ProbeWatch] })
export class FoodSafetyConsumerModule {}
