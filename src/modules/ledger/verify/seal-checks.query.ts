import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { addDays, instantOf } from '../../../domain/kernel/business-day.js';
import { transferText, type TransferContent } from '../../../domain/ledger/index.js';
import { sha256Hex } from '../../../infra/crypto/digest.js';
import { accountsHashOf, accountsMoved, daySealOf } from '../day-seal.query.js';
import { GENESIS_HASH, sealHash } from '../journal-sealer.js';
import { Finding } from './finding.js';

const BATCH = 1_000;
/** A transfer that links overtook by so long was not committing late: its link was never written, or was removed. */
const OVERTAKEN_MIN = 60;

interface LinkRow {
  seq: string | number;
  transferId: string;
  sealedPosition: string | number;
  contentHash: string;
  previousHash: string;
  hash: string;
}

interface TransferRow extends Omit<TransferContent, 'entries'> {
  position: string | number;
  contentHash: string;
}

interface RootRow {
  day: BusinessDay;
  lastSeq: string | number;
  rootHash: string;
  daySeal: string | null;
  linkHash: string | null;
  sealedAt: Date | null;
}

interface Chain {
  seq: number;
  hash: string;
}

/**
 * I11 (docs/SEAL.md): computes every content hash, every link and every daily root again, page by page. Transfers that
 * no link names yet are hashed too and counted apart; one that later links have overtaken is a violation.
 */
export async function checkSeals(tx: EntityManager): Promise<Finding> {
  const finding = new Finding('I11');
  let chain: Chain = { seq: 0, hash: GENESIS_HASH };
  for (;;) {
    const links = await tx.query<LinkRow[]>(
      `SELECT seq, transfer_id AS transferId, transfer_position AS sealedPosition, content_hash AS contentHash, previous_hash AS previousHash, hash
       FROM journal_seal WHERE seq > ? ORDER BY seq LIMIT ?`, [chain.seq, BATCH],
    );
    finding.counted('links', links.length);
    const transfers = await transfersById(tx, links.map((link) => link.transferId));
    for (const link of links) chain = checkLink(chain, link, transfers.get(link.transferId), finding);
    await checkContents(tx, [...transfers.values()], finding);
    if (links.length < BATCH) break;
  }
  await checkOutside(tx, finding);
  await checkUnsealed(tx, finding);
  await checkRoots(tx, finding);
  return finding;
}

/** @returns where the chain stands after this link, as the rows say it, so that one break is reported once */
function checkLink(chain: Chain, link: LinkRow, transfer: TransferRow | undefined, finding: Finding): Chain {
  const seq = Number(link.seq);
  if (seq !== chain.seq + 1) finding.violation(`links ${chain.seq + 1} to ${seq - 1} are gone`);
  else if (link.previousHash !== chain.hash) finding.violation(`link ${seq} does not follow the link before it`);
  if (link.hash !== sealHash(seq, link.transferId, link.contentHash, link.previousHash)) finding.violation(`link ${seq} has another hash than its content`);
  if (transfer === undefined) finding.violation(`transfer ${link.transferId} of link ${seq} is gone`);
  else {
    if (transfer.contentHash !== link.contentHash) finding.violation(`transfer ${transfer.id} has another hash than link ${seq} sealed`);
    if (Number(transfer.position) !== Number(link.sealedPosition)) finding.violation(`transfer ${transfer.id} was moved to another position after it was sealed`);
  }
  return { seq, hash: link.hash };
}

const TRANSFER = `SELECT t.id, t.position, t.kind, t.business_day AS businessDay, t.point_id AS pointId, t.reverses_id AS reversesId,
  t.idempotency_scope AS idempotencyScope, t.idempotency_key AS idempotencyKey, t.actor_kind AS actorKind, t.actor_id AS actorId, t.memo,
  t.content_hash AS contentHash FROM transfer t`;

async function transfersById(tx: EntityManager, ids: readonly string[]): Promise<Map<string, TransferRow>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<TransferRow[]>(`${TRANSFER} WHERE t.id IN (?)`, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

async function checkContents(tx: EntityManager, transfers: readonly TransferRow[], finding: Finding): Promise<void> {
  if (transfers.length === 0) return;
  finding.counted('contents', transfers.length);
  const rows = await tx.query<{ transferId: string; accountId: string; amountFen: string | number }[]>(
    'SELECT transfer_id AS transferId, account_id AS accountId, amount_fen AS amountFen FROM entry WHERE transfer_id IN (?)', [transfers.map(({ id }) => id)],
  );
  const entries = new Map(transfers.map(({ id }) => [id, [] as { accountId: string; amountFen: number }[]]));
  for (const { transferId, accountId, amountFen } of rows) entries.get(transferId)?.push({ accountId, amountFen: Number(amountFen) });
  for (const transfer of transfers) {
    if (sha256Hex(transferText({ ...transfer, entries: entries.get(transfer.id) ?? [] })) !== transfer.contentHash) finding.violation(`transfer ${transfer.id} has another content than its hash`);
  }
}

/** Positions and links are counted from 1: what lies below would be read by no page of any check. */
async function checkOutside(tx: EntityManager, finding: Finding): Promise<void> {
  const rows = await tx.query<{ id: string }[]>(
    'SELECT id FROM transfer WHERE position < 1 UNION ALL SELECT transfer_id FROM journal_seal WHERE seq < 1 LIMIT ?', [BATCH],
  );
  for (const { id } of rows) finding.violation(`transfer ${id} lies before the first position`);
}

/** Between commit and seal a transfer has no link for seconds, and only behind the last one. */
async function checkUnsealed(tx: EntityManager, finding: Finding): Promise<void> {
  const [reach] = await tx.query<{ position: string | number | null; overtakenBefore: Date | null }[]>(
    'SELECT MAX(transfer_position) AS position, MAX(sealed_at) - INTERVAL ? MINUTE AS overtakenBefore FROM journal_seal', [OVERTAKEN_MIN],
  );
  for (let after = 0; ;) {
    const rows = await tx.query<(TransferRow & { createdAt: Date })[]>(
      `${TRANSFER.replace(' FROM', ', t.created_at AS createdAt FROM')} LEFT JOIN journal_seal s ON s.transfer_id = t.id
       WHERE t.position > ? AND s.transfer_id IS NULL ORDER BY t.position LIMIT ?`, [after, BATCH],
    );
    finding.counted('not sealed yet', rows.length);
    await checkContents(tx, rows, finding);
    for (const row of rows) {
      const passed = reach?.overtakenBefore != null && Number(row.position) < Number(reach.position) && row.createdAt < reach.overtakenBefore;
      if (passed) finding.violation(`transfer ${row.id} has no link although later ones have`);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = Number(last.position);
  }
}

/** A root is the hash of a link of its day or an earlier one; the days come in order. They are few: one a day. */
async function checkRoots(tx: EntityManager, finding: Finding): Promise<void> {
  const roots = await tx.query<RootRow[]>(
    `SELECT r.business_day AS day, r.last_seq AS lastSeq, r.root_hash AS rootHash, r.day_seal AS daySeal, s.hash AS linkHash, s.sealed_at AS sealedAt
     FROM journal_root r LEFT JOIN journal_seal s ON s.seq = r.last_seq ORDER BY r.business_day`,
  );
  finding.counted('daily roots', roots.length);
  let before: RootRow | null = null;
  for (const root of roots) {
    if (root.linkHash !== root.rootHash) finding.violation(`the root of ${root.day} is not the hash of link ${root.lastSeq}`);
    else if (root.sealedAt !== null && root.sealedAt >= instantOf(addDays(root.day, 1), 0)) finding.violation(`the root of ${root.day} names a link of a later day`);
    if (before !== null && Number(root.lastSeq) < Number(before.lastSeq)) finding.violation(`the root of ${root.day} lies before that of ${before.day}`);
    if (before !== null && root.day !== addDays(before.day, 1)) finding.violation(`the roots between ${before.day} and ${root.day} are gone`);
    await checkDaySeal(tx, root, Number(before?.lastSeq ?? 0), finding);
    before = root;
  }
}

/** The seal of a day fixes what its accounts are called, which no transfer's text holds. */
async function checkDaySeal(tx: EntityManager, { day, lastSeq, rootHash, daySeal }: RootRow, afterSeq: number, finding: Finding): Promise<void> {
  if (daySeal === null) return;
  const accountsHash = accountsHashOf(await accountsMoved(tx, afterSeq, Number(lastSeq)));
  if (daySealOf({ day, lastSeq: Number(lastSeq), rootHash, accountsHash }) !== daySeal) finding.violation(`the seal of ${day} has other accounts or another root`);
}
