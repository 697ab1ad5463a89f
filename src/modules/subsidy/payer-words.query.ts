import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Bilingual } from '../../domain/subsidy/index.js';
import { parseJson } from '../../infra/database/columns.js';

/** How the street's policies name those who pay, so that no page shows a payer's code where people read. */
@Injectable()
export class PayerWords {
  /** @returns the words of a payer's code by the newest policy that names it; a code that no policy names stands for itself */
  async read(tx: EntityManager): Promise<(payerCode: string) => Bilingual> {
    const rows = await tx.query<{ payers: unknown }[]>(
      "SELECT JSON_EXTRACT(policy, '$.payers') AS payers FROM policy_version ORDER BY effective_from, id",
    );
    const words = new Map(rows.flatMap((row) => parseJson<{ code: string; label: Bilingual }[]>(row.payers).map((payer) => [payer.code, payer.label] as const)));
    return (payerCode) => words.get(payerCode) ?? { zh: payerCode, en: payerCode };
  }
}
