import { Module } from '@nestjs/common';
import { ClosingModule } from '../closing/index.js';
import { LedgerModule } from '../ledger/index.js';
import { OperatorsModule } from '../operators/index.js';
import { SettlementModule } from '../settlement/index.js';
import { SitesModule } from '../sites/index.js';
import { MoneyInTransit } from './money-in-transit.query.js';
import { OwnParts } from './own-parts.query.js';
import { PaymentUndos } from './payment-undos.query.js';
import { PostedPayments } from './posted-payment.query.js';
import { RecordReceipt } from './record-receipt.js';
import { SettleOwnParts } from './settle-own-parts.js';
import { PaymentUndosController } from './payment-undos.controller.js';
import { TransitMovements } from './transit-movements.query.js';
import { TreasurySheets } from './treasury-sheets.js';
import { TreasuryController } from './treasury.controller.js';
import { UndoPayment } from './undo-payment.js';

/** Money between the accounts of points and channels, the street's bank and the operators, apart from claims. */
@Module({
  imports: [ClosingModule, LedgerModule, OperatorsModule, SettlementModule, SitesModule],
  controllers: [PaymentUndosController, TreasuryController],
  providers: [MoneyInTransit, OwnParts, PaymentUndos, PostedPayments, RecordReceipt, SettleOwnParts, TransitMovements, TreasurySheets, UndoPayment],
})
export class TreasuryModule {}
