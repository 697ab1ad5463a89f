import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { WalletReleaseRow, WalletReleasesAnswer, WalletReleasesQuery } from '../../contract/wallets.js';
import { maskName } from '../../domain/persons/index.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';

interface Row extends Omit<WalletReleaseRow, 'maskedName' | 'payeeName' | 'recordedAt' | 'paidAt' | 'mayAsk'> {
  name: string; sex: 'M' | 'F'; payeeCipher: string | null; recordedAt: Date; paidAt: Date | null; asked: number;
}

/** Own money that an event freed: what is stored and owed now, who may have it, and where its payout stands. */
@Injectable()
export class WalletReleaseList {
  constructor(private readonly dataSource: DataSource, private readonly keyring: Keyring) {}

  async list(staff: StaffIdentity, query: WalletReleasesQuery): Promise<WalletReleasesAnswer> {
    const scope = scopeFilter(staff, { streetId: 's.street_id', communityId: 's.community_id', pointId: 's.point_id' });
    const where = `${scope.sql} AND (? IS NULL OR r.state = ?)`;
    const params = [...scope.params, query.state ?? null, query.state ?? null];
    const [count] = await this.dataSource.query<{ n: string }[]>(`SELECT COUNT(*) AS n FROM wallet_release r JOIN senior s ON s.id = r.senior_id WHERE ${where}`, params);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT r.id, r.senior_id AS seniorId, s.name, s.sex, p.name AS pointName, e.kind AS eventKind, e.from_day AS eventFrom, r.state, r.recorded_at AS recordedAt,
              COALESCE((SELECT a.balance_fen FROM account a WHERE a.kind = 'wallet' AND a.owner_code = s.id), 0) AS balanceFen,
              COALESCE((SELECT -SUM(n.amount_fen) FROM account a JOIN entry n ON n.account_id = a.id WHERE a.kind = 'debt' AND a.owner_code = s.id), 0) AS debtFen,
              r.payee_name_cipher AS payeeCipher, r.payee_relation AS payeeRelation, r.proof, r.paid_fen AS paidFen, r.paid_at AS paidAt, b.display_name AS paidByName,
              EXISTS (SELECT 1 FROM money_request q WHERE q.kind = 'release' AND q.subject_id = r.id AND q.state = 'asked') AS asked
       FROM wallet_release r JOIN senior s ON s.id = r.senior_id JOIN point p ON p.id = s.point_id JOIN life_event e ON e.id = r.life_event_id
       LEFT JOIN staff b ON b.id = r.paid_by
       WHERE ${where} ORDER BY r.state = 'freed' DESC, r.recorded_at DESC, r.id LIMIT ? OFFSET ?`, [...params, query.size, (query.page - 1) * query.size],
    );
    return { rows: rows.map((row) => this.rowOf(row, staff)), total: Number(count?.n ?? 0) };
  }

  private rowOf({ name, sex, payeeCipher, asked, ...row }: Row, staff: StaffIdentity): WalletReleaseRow {
    return {
      ...row, maskedName: maskName(name, sex), balanceFen: Number(row.balanceFen), debtFen: Number(row.debtFen), paidFen: row.paidFen === null ? null : Number(row.paidFen),
      payeeName: payeeCipher === null ? null : this.keyring.open('identity', payeeCipher), recordedAt: row.recordedAt.toISOString(), paidAt: row.paidAt?.toISOString() ?? null,
      mayAsk: row.state === 'freed' && payeeCipher !== null && Number(asked) === 0 && ['street', 'finance'].includes(staff.role),
    };
  }
}
