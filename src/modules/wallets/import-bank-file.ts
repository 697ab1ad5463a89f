import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BankFileAnswer, BankFileRequest, BankFilesAnswer, BankLineState } from '../../contract/bank-files.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { fen } from '../../domain/kernel/money.js';
import { bankOf } from '../../domain/ledger/index.js';
import { BANK_FILE_MAX_LINES, readBankFile, type BankFileLine } from '../../domain/stored-value/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { identityHashes } from '../../infra/crypto/identity-hashes.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { CreditWallet } from './credit-wallet.js';
import { WalletPeople } from './wallet-people.js';

interface LineRow { lineNo: number; reference: string; personHash: string | null; personLast4: string; name: string; amountFen: number; state: BankLineState; seniorId: string | null }
const LINE_SQL = `SELECT line_no AS lineNo, reference, person_hash AS personHash, person_last4 AS personLast4, name, amount_fen AS amountFen, state, senior_id AS seniorId FROM bank_file_line`;

/**
 * Reads a bank's list of payments and credits it: a preview first; the same file is refused; the same reference enters
 * once, whatever file it comes in; every line stands alone, so one unknown person holds up nobody else.
 */
@Injectable()
export class ImportBankFile {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly idempotency: Idempotency, private readonly people: WalletPeople, private readonly creditWallet: CreditWallet,
    private readonly keyring: Keyring, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError BANKFILE.UNREADABLE, BANKFILE.TOO_LONG, BANKFILE.TWICE */
  async preview(staff: StaffIdentity, streetId: string, request: BankFileRequest): Promise<BankFileAnswer> {
    const bytes = Buffer.from(request.content, 'base64');
    const lines = readBankFile(textOf(bytes));
    if (lines === null || lines.length === 0) throw new DomainError('BANKFILE.UNREADABLE', 'invalid');
    if (lines.length > BANK_FILE_MAX_LINES) throw new DomainError('BANKFILE.TOO_LONG', 'invalid');
    const fileId = newId();
    try {
      await this.unitOfWork.run(async (tx) => {
        await tx.query(
          'INSERT INTO bank_file (id, street_id, file_name, file_hash, line_count, read_by, read_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
          [fileId, streetId, request.fileName, sha256Hex(bytes), lines.length, staff.staffId, this.clock.now()],
        );
        const seen = new Set<string>();
        for (const line of lines) await this.storeLine(tx, streetId, fileId, line, seen);
        await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'bank-file.read', objectKind: 'bank-file', objectId: fileId, outcome: 'done', detail: { lines: lines.length } }, tx);
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_bank_file_hash')) throw new DomainError('BANKFILE.TWICE', 'conflict');
      throw error;
    }
    return this.read(streetId, fileId);
  }

  /** Credits every line that is ready or has become so; safe to repeat. @throws DomainError BANKFILE.NOT_FOUND */
  async credit(staff: StaffIdentity, streetId: string, fileId: string): Promise<BankFileAnswer> {
    const before = await this.read(streetId, fileId);
    for (const line of before.lines) {
      if (line.state === 'credited' || line.state === 'unreadable' || line.state === 'duplicate') continue;
      await this.creditLine(staff, streetId, fileId, line.lineNo);
    }
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'bank-file.credited', objectKind: 'bank-file', objectId: fileId, outcome: 'done' });
    return this.read(streetId, fileId);
  }

  /** @throws DomainError BANKFILE.NOT_FOUND */
  async read(streetId: string, fileId: string): Promise<BankFileAnswer> {
    const { reader } = this.unitOfWork;
    const [file] = await reader.query<{ fileName: string; readAt: Date; lineCount: number }[]>(
      'SELECT file_name AS fileName, read_at AS readAt, line_count AS lineCount FROM bank_file WHERE id = ? AND street_id = ?', [fileId, streetId],
    );
    if (file === undefined) throw new DomainError('BANKFILE.NOT_FOUND', 'not-found');
    const rows = await reader.query<LineRow[]>(`${LINE_SQL} WHERE file_id = ? ORDER BY line_no`, [fileId]);
    const lines = rows.map(({ personHash: _personHash, ...line }) => ({ ...line, amountFen: Number(line.amountFen) }));
    const sum = (state: BankLineState): number => lines.filter((line) => line.state === state).reduce((total, line) => total + line.amountFen, 0);
    return { fileId, ...file, readAt: file.readAt.toISOString(), readyFen: sum('ready'), creditedFen: sum('credited'), lines };
  }

  async list(streetId: string): Promise<BankFilesAnswer> {
    const rows = await this.unitOfWork.reader.query<{ fileId: string; fileName: string; readAt: Date; lineCount: number; credited: number; creditedFen: number }[]>(
      `SELECT f.id AS fileId, f.file_name AS fileName, f.read_at AS readAt, f.line_count AS lineCount, COALESCE(SUM(l.state = 'credited'), 0) AS credited,
              COALESCE(SUM(IF(l.state = 'credited', l.amount_fen, 0)), 0) AS creditedFen
       FROM bank_file f LEFT JOIN bank_file_line l ON l.file_id = f.id WHERE f.street_id = ? GROUP BY f.id ORDER BY f.read_at DESC, f.id LIMIT 100`, [streetId],
    );
    return { rows: rows.map((row) => ({ ...row, readAt: row.readAt.toISOString(), credited: Number(row.credited), creditedFen: Number(row.creditedFen), open: row.lineCount - Number(row.credited) })) };
  }

  private async storeLine(tx: EntityManager, streetId: string, fileId: string, line: BankFileLine, seen: Set<string>): Promise<void> {
    const hash = line.problem === null ? this.hashOf(line.person) : null;
    const known = await this.used(tx, streetId, line.reference);
    const found = hash === null ? null : await this.findPerson(tx, streetId, hash, line.name);
    const state: BankLineState = line.problem !== null ? 'unreadable' : seen.has(line.reference) || known ? 'duplicate' : (found?.state ?? 'unknown-person');
    seen.add(line.reference);
    await tx.query(
      'INSERT INTO bank_file_line (file_id, line_no, reference, person_hash, person_last4, name, amount_fen, senior_id, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      [fileId, line.lineNo, line.reference, hash, line.person.slice(-4), line.name, line.amountFen, found?.seniorId ?? null, state],
    );
  }

  /** The one that is credited twice at once finds its key used, and the second file's line becomes a duplicate. */
  private async creditLine(staff: StaffIdentity, streetId: string, fileId: string, lineNo: number): Promise<void> {
    const [line] = await this.unitOfWork.reader.query<LineRow[]>(`${LINE_SQL} WHERE file_id = ? AND line_no = ?`, [fileId, lineNo]);
    if (line?.personHash == null) return;
    const found = await this.findPerson(this.unitOfWork.reader, streetId, line.personHash, line.name);
    if (found?.state !== 'ready') return this.setState(fileId, lineNo, found?.state ?? 'unknown-person');
    const key = { scope: `bank:${streetId}`.slice(0, 43), key: sha256Hex(line.reference).slice(0, 64), request: { reference: line.reference } };
    try {
      const { replayed, answer } = await this.idempotency.run(key, async (tx) => {
        const owner = await this.people.lock(tx, found.seniorId);
        const credited = await this.creditWallet.credit(tx, {
          owner, amountFen: fen(Number(line.amountFen)), source: bankOf(streetId), pointId: owner.pointId, how: 'bank-file',
          by: { idempotencyScope: key.scope, idempotencyKey: key.key, actorKind: 'staff', actorId: staff.staffId },
        });
        await tx.query(
          "UPDATE bank_file_line SET state = 'credited', senior_id = ?, credited_reference = ?, transfer_id = ? WHERE file_id = ? AND line_no = ?",
          [owner.seniorId, `${streetId}:${line.reference}`, credited.transferId, fileId, lineNo],
        );
        return { fileId, lineNo };
      });
      if (replayed && (answer.fileId !== fileId || answer.lineNo !== lineNo)) await this.setState(fileId, lineNo, 'duplicate');
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'TOPUP.LIMIT') throw error;
      await this.setState(fileId, lineNo, 'over-limit');
    }
  }

  private async setState(fileId: string, lineNo: number, state: BankLineState): Promise<void> {
    await this.unitOfWork.run((tx) => tx.query("UPDATE bank_file_line SET state = ? WHERE file_id = ? AND line_no = ? AND state <> 'credited'", [state, fileId, lineNo]));
  }

  private async used(tx: EntityManager, streetId: string, reference: string): Promise<boolean> {
    const [row] = await tx.query<unknown[]>('SELECT 1 FROM bank_file_line WHERE credited_reference = ?', [`${streetId}:${reference}`]);
    return row !== undefined;
  }

  private async findPerson(tx: EntityManager, streetId: string, hash: string, name: string): Promise<{ seniorId: string; state: BankLineState } | null> {
    const [row] = await tx.query<{ seniorId: string; name: string; status: string }[]>(
      `SELECT s.id AS seniorId, s.name, s.status FROM senior s WHERE s.street_id = ? AND (s.id_number_hash = ?
         OR s.id = (SELECT c.senior_id FROM senior_card c WHERE c.card_hash = ? AND c.active = 1)) LIMIT 1`, [streetId, hash, hash],
    );
    if (row === undefined) return null;
    return { seniorId: row.seniorId, state: row.name !== name ? 'name-differs' : row.status !== 'active' ? 'not-active' : 'ready' };
  }

  /** 18 signs are an ID number, all else a card: a card of 18 digits is asked for as an ID number and not found. */
  private hashOf(person: string): string {
    return person.length === 18 ? identityHashes.idNumber(this.keyring, person) : identityHashes.card(this.keyring, person);
  }
}

/** UTF-8 where it is valid, else GBK, which banks' programs still write. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gbk').decode(bytes);
  }
}
