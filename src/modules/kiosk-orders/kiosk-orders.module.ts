import { Module } from '@nestjs/common';
import { OrderingModule } from '../ordering/index.js';
import { PaymentModule } from '../payment/index.js';
import { SitesModule } from '../sites/index.js';
import { KioskOrdersController } from './kiosk-orders.controller.js';
import { OrderAtKiosk } from './order-at-kiosk.js';

/** Seniors order meals of the next days at a kiosk. */
@Module({ imports: [OrderingModule, PaymentModule, SitesModule], controllers: [KioskOrdersController], providers: [OrderAtKiosk] })
export class KioskOrdersModule {}
