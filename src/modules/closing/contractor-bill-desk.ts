import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ContractorBillAnswer, ContractorBillPreview, ContractorBillRequest, ContractorBillsAnswer, ContractorBillsQuery } from '../../contract/contractor.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { ContractorBills } from './contractor-bills.query.js';
import { DecideContractorBill } from './decide-contractor-bill.js';
import { ImportContractorBill } from './import-contractor-bill.js';
import { ContractorScope, streetOf } from './contractor-scope.js';

/** Everything one does with contractors' bills, inside the reader's operators and street. */
@Injectable()
export class ContractorBillDesk {
  constructor(
    private readonly dataSource: DataSource, private readonly scope: ContractorScope, private readonly bills: ContractorBills,
    private readonly importBill: ImportContractorBill, private readonly decideBill: DecideContractorBill,
  ) {}

  preview(request: ContractorBillRequest, staff: StaffIdentity): Promise<ContractorBillPreview> {
    return this.importBill.preview(this.dataSource.manager, request, staff);
  }

  import(request: ContractorBillRequest, staff: StaffIdentity, key: string): Promise<ContractorBillAnswer> {
    return this.importBill.execute(request, staff, key);
  }

  async list(query: ContractorBillsQuery, staff: StaffIdentity): Promise<ContractorBillsAnswer> {
    return this.bills.list((await this.scope.some(staff, query.operatorId)).map(({ id }) => id), streetOf(staff));
  }

  /** @throws DomainError REQUEST.NOT_FOUND for another operator's or street's bill; the denial is audited */
  async show(billId: string, staff: StaffIdentity): Promise<ContractorBillAnswer> {
    const bill = await this.bills.one(billId, streetOf(staff));
    if (bill === null || !(await this.scope.operators(staff)).some(({ id }) => id === bill.operatorId)) return this.scope.refuse(staff, 'contractor-bill', billId);
    return bill;
  }

  decide(billId: string, staff: StaffIdentity): Promise<ContractorBillAnswer> {
    return this.decideBill.execute(billId, staff);
  }
}
