import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DataSource } from 'typeorm';

/** Figures for Prometheus; labels are codes and routes, never people. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly payments = new Counter({ name: 'rehufan_payments_total', help: 'Meals paid, by way of identification', labelNames: ['identified_by'], registers: [this.registry] });
  readonly refusals = new Counter({ name: 'rehufan_refusals_total', help: 'Refusals by code', labelNames: ['code'], registers: [this.registry] });
  readonly paymentSeconds = new Histogram({ name: 'rehufan_payment_seconds', help: 'Time of a payment in the server', buckets: [0.01, 0.03, 0.08, 0.2, 0.5, 1, 3], registers: [this.registry] });

  constructor(dataSource: DataSource) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'rehufan_outbox_oldest_seconds', help: 'Age of the oldest message not yet handed to the queue', registers: [this.registry],
      async collect() {
        const [row] = await dataSource.query<{ age: number | null }[]>(
          'SELECT TIMESTAMPDIFF(SECOND, MIN(created_at), UTC_TIMESTAMP(3)) AS age FROM outbox_message WHERE published_at IS NULL',
        );
        this.set(row?.age ?? 0);
      },
    });
  }
}
