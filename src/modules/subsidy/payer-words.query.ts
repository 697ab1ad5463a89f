import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Bilingual } from '../../domain/subsidy/index.js';
import { parseJson } from '../../infra/database/columns.js';

interface PayersRow { payers: unknown }

const wordsOf = (rows: readonly PayersRow[]): Map<string, Bilingual> => new Map(rows.flatMap(({ payers }) => parseJson<{ code: string; label: Bilingual }[]>(payers).map(({ code, label }) => [code, label] as const)));

/** How the street's policies name those who pay, so that no page shows a payer's code where people read. */
@Injectable()
export class PayerWords {
  /** @returns the words of a payer's code by the newest policy that names it; a code that no policy names stands for itself */
  async read(tx: EntityManager): Promise<(payerCode: string) => Bilingual> {
    const words = wordsOf(await tx.query<PayersRow[]>("SELECT JSON_EXTRACT(policy, '$.payers') AS payers FROM policy_version ORDER BY effective_from, id"));
    return (payerCode) => words.get(payerCode) ?? { zh: payerCode, en: payerCode };
  }

  /** Everybody whom a policy of the street names as a payer, for whoever chooses among them. */
  async ofStreet(tx: EntityManager, streetId: string): Promise<{ code: string; label: Bilingual }[]> {
    const rows = await tx.query<PayersRow[]>("SELECT JSON_EXTRACT(policy, '$.payers') AS payers FROM policy_version WHERE street_id = ? ORDER BY effective_from, id", [streetId]);
    return [...wordsOf(rows)].map(([code, label]) => ({ code, label }));
  }
}
