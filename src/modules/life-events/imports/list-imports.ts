import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ConfirmImportAnswer, ImportDetail, MatchLineRequest, UploadListRequest } from '../../../contract/list-imports.js';
import type { LifeEventRequest } from '../../../contract/life-events.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { readHeader, readLine, type ListCell, type ListLine } from '../../../domain/persons/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import { Keyring } from '../../../infra/crypto/keyring.js';
import { affectedRows } from '../../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../../infra/http/actor.js';
import { newId } from '../../../infra/ids.js';
import { AuditTrail } from '../../audit/index.js';
import { SeniorRecords } from '../../seniors/index.js';
import { RecordLifeEvent } from '../record-life-event.js';
import { ImportLists } from './import-list.query.js';
import type { ListPlace } from './list-place.js';
import { MatchLines, type LineMatch } from './match-lines.js';
import { readSheetFile } from '../../../infra/sheets/read-sheet-file.js';

interface BatchRow { id: string; kind: 'death' | 'category'; state: 'previewed' | 'done' | 'discarded'; fileName: string; uploadedBy: string }
const NOTHING_READ: Pick<ListLine, 'code'> & { day: null } = { day: null, code: null };
/** A line that could not be read means nobody. */
const NOBODY: LineMatch = { state: 'problem', problem: null, matchedBy: null, seniorId: null, candidates: [] };

interface LineRow { id: string; lineNo: number; sealed: string; seniorId: string }

/** A list from outside on its way into the register: nothing changes before a second person has confirmed it. */
@Injectable()
export class ListImports {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lists: ImportLists,
    private readonly matching: MatchLines,
    private readonly events: RecordLifeEvent,
    private readonly records: SeniorRecords,
    private readonly keyring: Keyring,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Reads, matches and stores the preview. @throws DomainError IMPORT.* */
  async upload(request: UploadListRequest, actor: Actor): Promise<ImportDetail> {
    const place = await this.lists.placeOf(actor);
    const bytes = Buffer.from(request.contentBase64, 'base64');
    const rows = await readSheetFile(bytes);
    const batchId = newId();
    try {
      await this.unitOfWork.run(async (tx) => {
        await tx.query(
          `INSERT INTO import_batch (id, street_id, community_id, kind, file_name, file_hash, standing, state, uploaded_by, uploaded_at) VALUES (?, ?, ?, ?, ?, ?, 1, 'previewed', ?, ?)`,
          [batchId, place.streetId, place.communityId, request.kind, request.fileName, hashOf(place, bytes), actor.staff.staffId, this.clock.now()],
        );
        const stored = await this.storeLines(tx, batchId, place, request.kind, rows);
        await this.note(tx, actor, 'list-import.uploaded', batchId, { kind: request.kind, lines: stored });
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_import_batch_file')) throw new DomainError('IMPORT.SAME_FILE', 'conflict');
      throw error;
    }
    return this.lists.detail(batchId, actor);
  }

  /** A person says whom a line means, or that it means nobody of ours. @throws DomainError IMPORT.*, SENIOR.NOT_FOUND */
  async match(batchId: string, lineId: string, request: MatchLineRequest, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      const batch = await this.find(tx, batchId, actor);
      if (batch.state !== 'previewed') throw new DomainError('IMPORT.CLOSED', 'conflict');
      if (request.seniorId !== null) await this.records.find(request.seniorId, actor, tx);
      const chosen: unknown = await tx.query(
        "UPDATE import_line SET state = ?, senior_id = ?, matched_by = ?, chosen_by = ? WHERE id = ? AND import_batch_id = ? AND state IN ('needs-person', 'ready', 'skipped')",
        [request.seniorId === null ? 'skipped' : 'ready', request.seniorId, request.seniorId === null ? null : 'person', actor.staff.staffId, lineId, batchId],
      );
      if (affectedRows(chosen) !== 1) throw new DomainError('IMPORT.LINE_NOT_OPEN', 'conflict');
      await this.note(tx, actor, 'list-import.line-matched', batchId, { lineId, matched: request.seniorId !== null });
    });
    return { done: true };
  }

  /** Records every ready line as its event, each in its own transaction and once. @throws DomainError IMPORT.* */
  async confirm(batchId: string, actor: Actor): Promise<ConfirmImportAnswer> {
    const batch = await this.unitOfWork.run(async (tx) => {
      const found = await this.find(tx, batchId, actor);
      if (found.state === 'discarded') throw new DomainError('IMPORT.CLOSED', 'conflict');
      if (found.uploadedBy === actor.staff.staffId) throw new DomainError('IMPORT.SAME_PERSON', 'forbidden');
      const [open] = await tx.query<{ n: number }[]>("SELECT COUNT(*) AS n FROM import_line WHERE import_batch_id = ? AND state = 'needs-person'", [batchId]);
      if (Number(open?.n) > 0) throw new DomainError('IMPORT.LINES_OPEN', 'refused', { lines: Number(open?.n) });
      await tx.query("UPDATE import_batch SET state = 'done', confirmed_by = COALESCE(confirmed_by, ?), confirmed_at = COALESCE(confirmed_at, ?) WHERE id = ?",
        [actor.staff.staffId, this.clock.now(), batchId]);
      await this.note(tx, actor, 'list-import.confirmed', batchId, { kind: found.kind });
      return found;
    });
    // A crash in between leaves ready lines; confirming again goes on with them and repeats none.
    const lines = await this.unitOfWork.reader.query<LineRow[]>(
      "SELECT id, line_no AS lineNo, row_cipher AS sealed, senior_id AS seniorId FROM import_line WHERE import_batch_id = ? AND state = 'ready' ORDER BY line_no", [batchId],
    );
    const results = { done: 0, failed: 0 };
    for (const line of lines) results[await this.recordLine(batch, line, actor)] += 1;
    return { ...results, state: 'done' };
  }

  /** Gives a preview up; the same file may then be uploaded again. @throws DomainError IMPORT.NOT_FOUND, IMPORT.CLOSED */
  async discard(batchId: string, actor: Actor): Promise<ConfirmImportAnswer> {
    await this.unitOfWork.run(async (tx) => {
      const batch = await this.find(tx, batchId, actor);
      if (batch.state !== 'previewed') throw new DomainError('IMPORT.CLOSED', 'conflict');
      await tx.query("UPDATE import_batch SET state = 'discarded', standing = NULL WHERE id = ?", [batchId]);
      await this.note(tx, actor, 'list-import.discarded', batchId, {});
    });
    return { done: 0, failed: 0, state: 'discarded' };
  }

  private async storeLines(tx: EntityManager, batchId: string, place: ListPlace, kind: 'death' | 'category', rows: readonly (readonly ListCell[])[]): Promise<number> {
    const headerAt = rows.findIndex((row) => row.some((cell) => cell.text.trim() !== ''));
    const places = readHeader(kind, rows[headerAt] ?? []);
    const seen = new Set<string>();
    let stored = 0;
    for (const [index, cells] of rows.entries()) {
      if (index <= headerAt || cells.every((cell) => cell.text.trim() === '' && cell.kind !== 'formula')) continue;
      const read = readLine(kind, places, cells, this.clock.today());
      const match = 'problem' in read ? null : await this.matchOnce(tx, place, kind, read.line, seen);
      await this.insertLine(tx, batchId, index + 1, cells, read, match);
      stored += 1;
    }
    return stored;
  }

  /** The same person a second time in one file is never recorded twice. */
  private async matchOnce(tx: EntityManager, place: ListPlace, kind: 'death' | 'category', line: ListLine, seen: Set<string>): Promise<LineMatch> {
    const who = `${line.idNumber ?? `${line.name}/${line.birthDate ?? ''}`}/${line.code ?? ''}`;
    if (seen.has(who)) return { state: 'problem', problem: 'twice', matchedBy: null, seniorId: null, candidates: [] };
    seen.add(who);
    return this.matching.match(tx, place, kind, line);
  }

  private async insertLine(
    tx: EntityManager, batchId: string, lineNo: number, cells: readonly ListCell[], read: ReturnType<typeof readLine>, match: LineMatch | null,
  ): Promise<void> {
    const line = 'line' in read ? read.line : NOTHING_READ;
    const { state, problem, matchedBy, seniorId, candidates } = match ?? NOBODY;
    const content = { line: 'line' in read ? read.line : null, cells: cells.map((cell) => cell.text.slice(0, 60)).slice(0, 12) };
    await tx.query(
      `INSERT INTO import_line (id, import_batch_id, line_no, row_cipher, day, code, state, problem, problem_column, matched_by, senior_id, candidates) VALUES (?)`,
      [[newId(), batchId, lineNo, this.keyring.seal('identity', JSON.stringify(content)), line.day, line.code, state,
        'problem' in read ? read.problem : problem, 'problem' in read ? read.column : null, matchedBy, seniorId, JSON.stringify(candidates)]],
    );
  }

  private async recordLine(batch: BatchRow, line: LineRow, actor: Actor): Promise<'done' | 'failed'> {
    const { line: said } = JSON.parse(this.keyring.open('identity', line.sealed)) as { line: ListLine };
    const told = { from: said.day as string, source: `名单导入 ${batch.fileName}`.slice(0, 60), evidence: `${batch.fileName} 第${line.lineNo}行`.slice(0, 120) };
    try {
      const request = requestOf(batch.kind, said, told);
      await this.unitOfWork.run(async (tx) => {
        const taken: unknown = await tx.query("UPDATE import_line SET state = 'done' WHERE id = ? AND state = 'ready'", [line.id]);
        if (affectedRows(taken) !== 1) return; // another confirmation was first
        await this.events.recordIn(tx, line.seniorId, request, actor, line.id);
      });
      return 'done';
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.unitOfWork.run((tx) => tx.query("UPDATE import_line SET state = 'failed', problem = 'refused', failure = ? WHERE id = ? AND state = 'ready'", [error.code, line.id]));
      return 'failed';
    }
  }

  private async find(tx: EntityManager, batchId: string, actor: Actor): Promise<BatchRow> {
    const { streetId, communityId } = await this.lists.placeOf(actor);
    const [row] = await tx.query<BatchRow[]>(
      `SELECT id, kind, state, file_name AS fileName, uploaded_by AS uploadedBy FROM import_batch
       WHERE id = ? AND street_id = ? AND (? IS NULL OR community_id = ?) FOR UPDATE`, [batchId, streetId, communityId, communityId],
    );
    if (row === undefined) throw new DomainError('IMPORT.NOT_FOUND', 'not-found');
    return row;
  }

  private note(tx: EntityManager, actor: Actor, action: string, batchId: string, detail: Readonly<Record<string, string | number | boolean | null>>): Promise<void> {
    return this.audit.record({ ...auditActor(actor), action, objectKind: 'list-import', objectId: batchId, outcome: 'done', detail }, tx);
  }
}

/**
 * What a line of a list asks to be recorded. A list of categories never records a death, whatever its line lacks.
 *
 * @throws DomainError IMPORT.CODE_MISSING
 */
export function requestOf(kind: 'death' | 'category', said: ListLine, told: { from: string; source: string; evidence: string }): LifeEventRequest {
  if (kind === 'death') return { kind: 'death', ...told };
  if (said.code === null || said.code === 'special-senior') throw new DomainError('IMPORT.CODE_MISSING', 'invalid');
  return { kind: 'category-start', ...told, code: said.code, to: said.to };
}

/** The same file may come to several communities; each reads its own people in it. */
function hashOf({ communityId }: ListPlace, bytes: Buffer): string {
  return createHash('sha256').update(communityId ?? '').update(bytes).digest('hex');
}
