#!/usr/bin/env node
/**
 * rehufan-verify: checks exported months of the journal without the product that wrote them.
 *
 *   node rehufan-verify.mjs journal-2026-10.ndjson journal-2026-11.ndjson --seals day-seals.txt
 *
 * --seals FILE   seals of days that were kept outside: from the printed day sheets, one line a day
 *                "2026-11-24 1234 3fa9…" (day, last link, seal of at least 16 hexadecimal digits) or
 *                "2026-11-24 3fa9…" (day, all 64 digits); spaces between digits are allowed
 * --totals FILE  writes what each account kind, payer and operator was moved by, per business day, as CSV
 * --expect NAME=FEN   a total that must come out, for example --expect payer:street=-1234500
 *
 * Exit code 0: proven. 1: refuted, the reasons are printed. 2: cannot be proven (no seal from outside, nothing in the
 * file, a file that cannot be read). Needs Node 18 or later and nothing else. The format and every hashed byte are
 * described in docs/SEAL.md.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const GENESIS = '0'.repeat(64);
const HASH = /^[0-9a-f]{64}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ENTRY = /^([0-9a-f-]{36})=(0|-?[1-9]\d{0,15})$/;
const SHOWN = 20;

const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex');

/** What was found wrong; the first reasons in full, the rest counted. */
export class Verdict {
  reasons = [];
  count = 0;
  refute(reason) {
    this.count += 1;
    if (this.reasons.length < SHOWN) this.reasons.push(reason);
  }
}

/** Everything that is carried from line to line and from file to file. */
export class Journal {
  verdict = new Verdict();
  accounts = new Map();
  transfers = new Map();
  keys = new Set();
  reversed = new Set();
  rootAt = new Map();
  seals = new Map();
  totals = new Map();
  lastSeq = null;
  lastHash = GENESIS;
  lastSealSeq = 0;
  months = [];
  links = 0;
  entries = 0;
  /** The first link of the first file: balances before it are as the file tells them. */
  beginsAt = null;
}

function isText(value) { return typeof value === 'string'; }
function isTextOrNull(value) { return value === null || typeof value === 'string'; }

/** Reads one file to its end, line by line. */
export async function readJournal(journal, lines, name) {
  const file = { name, digest: createHash('sha256'), header: null, end: null, links: 0, entries: 0, seals: 0, pending: [] };
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const where = `${name}:${number}`;
    if (file.end !== null) { journal.verdict.refute(`${where} 文件结束行之后还有内容 · something follows the last line`); break; }
    let value;
    try { value = JSON.parse(line); } catch { journal.verdict.refute(`${where} 不是 JSON · not JSON`); return file; }
    if (JSON.stringify(value) !== line) journal.verdict.refute(`${where} 写法不是唯一的那一种 · not written in the one canonical way`);
    if (value?.end === true) takeEnd(journal, file, value, where);
    else {
      file.digest.update(`${line}\n`, 'utf8');
      if (file.header === null) { if (!takeHeader(journal, file, value, where)) return file; } else takeLine(journal, file, value, where);
    }
  }
  if (file.header === null) journal.verdict.refute(`${name} 是空的 · is empty`);
  else if (file.end === null) journal.verdict.refute(`${name} 被截断：没有结束行 · cut off: no last line`);
  return file;
}

function takeHeader(journal, file, value, where) {
  if (value?.format !== 'rehufan-journal' || value.version !== 1 || !Number.isSafeInteger(value.fromSeq) || !HASH.test(value.previousHash)) {
    journal.verdict.refute(`${where} 不是热乎饭账本文件 · not a journal file of version 1`);
    return false;
  }
  file.header = value;
  journal.months.push(value.month);
  journal.beginsAt ??= value.fromSeq;
  if (journal.lastSeq !== null && value.fromSeq !== journal.lastSeq + 1) {
    journal.verdict.refute(`${where} 与上一个文件接不上：缺第 ${journal.lastSeq + 1} 环 · does not join the file before it: link ${journal.lastSeq + 1} is missing`);
  }
  if (value.previousHash !== journal.lastHash && (journal.lastSeq !== null || value.fromSeq === 1)) {
    journal.verdict.refute(`${where} 与上一环的哈希接不上 · does not follow from the hash before it`);
  }
  journal.lastSeq = value.fromSeq - 1;
  journal.lastHash = value.previousHash;
  journal.lastSealSeq = value.fromSeq - 1;
  return true;
}

function takeLine(journal, file, value, where) {
  const kind = Array.isArray(value) ? value[0] : undefined;
  if (kind === 'account') takeAccount(journal, file, value, where);
  else if (kind === 'link') takeLink(journal, file, value, where);
  else if (kind === 'seal') takeSeal(journal, file, value, where);
  else journal.verdict.refute(`${where} 不认识的行 · a line of no known kind`);
}

function takeAccount(journal, file, [, id, kind, owner, point, openingFen], where) {
  if (!isText(id) || !isText(kind) || !isText(owner) || !isTextOrNull(point) || !Number.isSafeInteger(openingFen)) {
    journal.verdict.refute(`${where} 账户行不完整 · an account line is not whole`);
    return;
  }
  if (file.links > 0) journal.verdict.refute(`${where} 账户应在各环之前 · an account after the first link`);
  const known = journal.accounts.get(id);
  if (known !== undefined) {
    takeKnownAccount(journal, file, known, { id, kind, owner, point, openingFen }, where);
    return;
  }
  // An account that earlier files do not name cannot have had a balance, if they begin at the first link.
  if (journal.links > 0 && openingFen !== 0) journal.verdict.refute(`${where} 账户 ${id} 凭空有余额 · account ${id} has a balance that no file explains`);
  if (file.header.fromSeq === 1 && openingFen !== 0) journal.verdict.refute(`${where} 第一环之前不可能有余额 · a balance before the first link`);
  journal.accounts.set(id, { kind, owner, point, fen: openingFen, file: file.name });
}

function takeKnownAccount(journal, file, known, { id, kind, owner, point, openingFen }, where) {
  if (known.file === file.name) journal.verdict.refute(`${where} 账户 ${id} 出现两次 · account ${id} is listed twice`);
  known.file = file.name;
  if (known.kind !== kind || known.owner !== owner || known.point !== point) journal.verdict.refute(`${where} 账户 ${id} 换了名称 · account ${id} was renamed`);
  if (known.fen !== openingFen) journal.verdict.refute(`${where} 账户 ${id} 期初 ${openingFen}，上一个文件期末 ${known.fen} · opens with ${openingFen}, closed with ${known.fen}`);
}

function takeLink(journal, file, [, seq, hash, content], where) {
  const { verdict } = journal;
  if (!Number.isSafeInteger(seq) || !isText(hash) || !HASH.test(hash) || !isContent(content)) {
    verdict.refute(`${where} 这一环不完整 · a link is not whole`);
    return;
  }
  const expected = journal.lastSeq + 1;
  if (seq !== expected) verdict.refute(`${where} 应是第 ${expected} 环，却是第 ${seq} 环 · expected link ${expected}, found ${seq}`);
  const contentHash = sha256(JSON.stringify(content));
  if (sha256(`${journal.lastHash}|${seq}|${content[0]}|${contentHash}`) !== hash) {
    verdict.refute(`${where} 第 ${seq} 环的哈希不符 · the hash of link ${seq} does not follow`);
  }
  journal.lastSeq = seq;
  journal.lastHash = hash;
  journal.rootAt.set(seq, hash);
  journal.links += 1;
  file.links += 1;
  takeTransfer(journal, file, content, where);
}

function isContent(content) {
  if (!Array.isArray(content) || content.length !== 11) return false;
  const [id, kind, day, point, reverses, scope, key, actorKind, actor, memo, entries] = content;
  return [id, kind, day, scope, key, actorKind, memo].every(isText) && [point, reverses, actor].every(isTextOrNull)
    && DAY.test(day) && Array.isArray(entries) && entries.every((entry) => isText(entry) && ENTRY.test(entry));
}

/** One transfer: balanced, once, a reversal the exact opposite, no wallet below zero at any link. */
function takeTransfer(journal, file, content, where) {
  const { verdict } = journal;
  const [id, , day, , reverses, scope, key, , , , entries] = content;
  if (journal.transfers.has(id)) verdict.refute(`${where} 同一笔 ${id} 出现两次 · transfer ${id} appears twice`);
  journal.transfers.set(id, reverses === null ? entries.join(' ') : '');
  if (journal.keys.has(`${scope} ${key}`)) verdict.refute(`${where} 同一请求记了两笔 · one request was booked twice`);
  journal.keys.add(`${scope} ${key}`);
  let sum = 0;
  for (const entry of entries) {
    const [, accountId, amount] = ENTRY.exec(entry);
    const fen = Number(amount);
    sum += fen;
    journal.entries += 1;
    file.entries += 1;
    const account = journal.accounts.get(accountId);
    if (account === undefined) { verdict.refute(`${where} 账户 ${accountId} 没有列出 · account ${accountId} is not listed`); continue; }
    account.fen += fen;
    if (account.kind === 'wallet' && account.fen < 0) verdict.refute(`${where} 钱包 ${accountId} 变成 ${account.fen} 分 · wallet ${accountId} falls to ${account.fen} fen`);
    addTotal(journal, day, account, fen);
  }
  if (sum !== 0) verdict.refute(`${where} 这一笔不平，差 ${sum} 分 · transfer ${id} does not balance by ${sum} fen`);
  if (reverses !== null) takeReversal(journal, reverses, entries, where);
}

function takeReversal(journal, reverses, entries, where) {
  if (journal.reversed.has(reverses)) journal.verdict.refute(`${where} ${reverses} 被冲销两次 · ${reverses} is taken back twice`);
  journal.reversed.add(reverses);
  const original = journal.transfers.get(reverses);
  if (original === undefined) return; // in a month before the first file
  const opposite = original.split(' ').filter((entry) => entry !== '').map((entry) => entry.replace(/=(-?)(\d+)$/, (_, minus, digits) => `=${minus === '' && digits !== '0' ? '-' : ''}${digits}`));
  if ([...opposite].sort().join(' ') !== [...entries].sort().join(' ')) journal.verdict.refute(`${where} 冲销与原笔不相反 · a reversal is not the opposite of ${reverses}`);
}

function addTotal(journal, day, { kind, owner }, fen) {
  const name = kind === 'payer' || kind === 'operator' ? `${kind}:${owner.split(':')[0]}` : kind;
  const key = `${day},${name}`;
  journal.totals.set(key, (journal.totals.get(key) ?? 0) + fen);
}

function takeSeal(journal, file, [, day, lastSeq, rootHash, accountsHash, daySeal], where) {
  const { verdict } = journal;
  file.seals += 1;
  if (!isText(day) || !DAY.test(day) || !Number.isSafeInteger(lastSeq) || ![rootHash, accountsHash, daySeal].every((hash) => isText(hash) && HASH.test(hash))) {
    verdict.refute(`${where} 封账行不完整 · a seal line is not whole`);
    return;
  }
  if (sha256(`${day}|${lastSeq}|${rootHash}|${accountsHash}`) !== daySeal) verdict.refute(`${where} ${day} 的封账值不符 · the seal of ${day} does not follow`);
  if (lastSeq < journal.lastSealSeq) verdict.refute(`${where} ${day} 的封账倒退了 · the seal of ${day} goes back`);
  const root = lastSeq === file.header.fromSeq - 1 ? file.header.previousHash : journal.rootAt.get(lastSeq);
  if (root !== rootHash) verdict.refute(`${where} ${day} 封的是第 ${lastSeq} 环，文件里没有或不同 · the seal of ${day} names link ${lastSeq}, which is missing or another`);
  const previous = [...journal.seals.keys()].at(-1);
  if (previous !== undefined && day <= previous) verdict.refute(`${where} ${day} 的封账不按日期 · the seal of ${day} is out of order`);
  journal.seals.set(day, { lastSeq, daySeal, accountsHash });
  file.pending.push({ day, lastSeq, accountsHash, where });
  journal.lastSealSeq = lastSeq;
}

function takeEnd(journal, file, value, where) {
  file.end = value;
  const { verdict } = journal;
  if (value.links !== file.links || value.entries !== file.entries || value.seals !== file.seals) {
    verdict.refute(`${where} 结束行的数与内容不同 · the last line counts ${value.links} links, ${value.entries} entries, ${value.seals} seals; the file has ${file.links}, ${file.entries}, ${file.seals}`);
  }
  if (value.sha256 !== file.digest.digest('hex')) verdict.refute(`${where} 文件摘要不符 · the file's digest does not fit`);
  if (file.header && journal.lastSeq !== file.header.toSeq) verdict.refute(`${where} 文件应到第 ${file.header.toSeq} 环，只到第 ${journal.lastSeq} 环 · ends at link ${journal.lastSeq}, not ${file.header.toSeq}`);
  if (journal.lastSealSeq !== journal.lastSeq) verdict.refute(`${where} 最后 ${journal.lastSeq - journal.lastSealSeq} 环没有封账 · the last links have no seal`);
  const sum = [...journal.accounts.values()].reduce((total, account) => total + account.fen, 0);
  if (sum !== 0) verdict.refute(`${where} 全部账户合计 ${sum} 分，应为 0 · all accounts together hold ${sum} fen, not 0`);
}

/** Seals that were kept outside. @returns Map of day to {lastSeq, seal}; throws with the line that cannot be read */
export function parseSeals(text) {
  const seals = new Map();
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [day, ...rest] = line.toLowerCase().split(/\s+/);
    const whole = HASH.test(rest.join(''));
    const seq = whole ? null : rest[0] ?? '';
    const seal = (whole ? rest : rest.slice(1)).join('');
    if (!DAY.test(day) || (seq !== null && !/^\d+$/.test(seq)) || !/^[0-9a-f]{16,64}$/.test(seal)) throw new Error(`line ${index + 1} of the seals cannot be read`);
    seals.set(day, { lastSeq: seq === null ? null : Number(seq), seal });
  }
  return seals;
}

/** Compares the file with what was kept outside. @returns the last link that an outside seal vouches for; 0: none */
export function compareSeals(journal, outside) {
  let proven = 0;
  const first = journal.seals.keys().next().value;
  for (const [day, { lastSeq, seal }] of outside) {
    const told = journal.seals.get(day);
    if (told === undefined) {
      if (first !== undefined && journal.months.includes(day.slice(0, 7))) journal.verdict.refute(`${day} 外存的封账在文件里没有 · a seal kept outside for ${day} is missing from the file`);
      continue;
    }
    if ((lastSeq !== null && told.lastSeq !== lastSeq) || !told.daySeal.startsWith(seal)) journal.verdict.refute(`${day} 与外存的封账不同：账本被改写过 · ${day} differs from the seal kept outside: the journal was rewritten`);
    else proven = Math.max(proven, told.lastSeq);
  }
  return proven;
}

/** The accounts hash of each day needs the accounts that the day's links moved: counted in a second reading of the links. */
export async function checkAccountNames(journal, file, lines) {
  const days = file.pending;
  let index = 0;
  let moved = new Set();
  const close = () => {
    const names = [...moved].sort().map((id) => { const { kind, owner, point } = journal.accounts.get(id) ?? {}; return `${id}|${kind}|${owner}|${point ?? ''}`; });
    if (sha256(names.join('\n')) !== days[index].accountsHash) journal.verdict.refute(`${days[index].where} ${days[index].day} 的账户名称被改过 · account names of ${days[index].day} were changed`);
    index += 1;
    moved = new Set();
  };
  for await (const line of lines) {
    if (!line.startsWith('["link",')) continue;
    const [, seq, , content] = JSON.parse(line);
    while (index < days.length && seq > days[index].lastSeq) close();
    for (const entry of content[10]) moved.add(entry.slice(0, 36));
  }
  while (index < days.length) close();
}

function totalsCsv(journal) {
  const rows = [...journal.totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, fen]) => `${key},${fen}`);
  return `\uFEFFbusiness_day,account,amount_fen\r\n${rows.join('\r\n')}\r\n`;
}

/** Sums over all business days of the files, by account name. */
export function sumsByName(journal) {
  const sums = new Map();
  for (const [key, fen] of journal.totals) {
    const name = key.slice(11);
    sums.set(name, (sums.get(name) ?? 0) + fen);
  }
  return sums;
}

function parseArguments(args) {
  const options = { files: [], seals: null, totals: null, expect: [] };
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    if (arg === '--seals') options.seals = args[index += 1];
    else if (arg === '--totals') options.totals = args[index += 1];
    else if (arg === '--expect') options.expect.push(args[index += 1]);
    else if (arg.startsWith('--')) throw new Error(`unknown option ${arg}`);
    else options.files.push(arg);
  }
  if (options.files.length === 0) throw new Error('usage: node rehufan-verify.mjs journal-YYYY-MM.ndjson … --seals day-seals.txt [--totals totals.csv] [--expect payer:street=-1234]');
  return options;
}

const linesOf = (path) => createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });

async function main(args) {
  const options = parseArguments(args);
  const outside = options.seals === null ? new Map() : parseSeals(readFileSync(options.seals, 'utf8'));
  const journal = new Journal();
  for (const path of options.files) {
    const file = await readJournal(journal, linesOf(path), path);
    if (journal.verdict.count === 0) await checkAccountNames(journal, file, linesOf(path));
  }
  const sums = sumsByName(journal);
  for (const wish of options.expect) {
    const [, name, fen] = /^(.+)=(-?\d+)$/.exec(wish ?? '') ?? [];
    if (name === undefined) throw new Error(`--expect wants NAME=FEN, not ${wish}`);
    if ((sums.get(name) ?? 0) !== Number(fen)) journal.verdict.refute(`${name} 应为 ${fen} 分，账本里是 ${sums.get(name) ?? 0} 分 · should be ${fen} fen, the journal has ${sums.get(name) ?? 0}`);
  }
  const proven = compareSeals(journal, outside);
  if (options.totals !== null) writeFileSync(options.totals, totalsCsv(journal));
  return report(journal, sums, proven);
}

function report(journal, sums, proven) {
  console.log(`${journal.months.join(', ')}: ${journal.links} 环 links, ${journal.entries} 分录 entries, ${journal.accounts.size} 账户 accounts, ${journal.seals.size} 日封账 day seals`);
  for (const [name, fen] of [...sums].sort()) console.log(`  ${name.padEnd(48)} ${String(fen).padStart(14)} 分`);
  for (const reason of journal.verdict.reasons) console.log(`  × ${reason}`);
  if (journal.verdict.count > journal.verdict.reasons.length) console.log(`  × … ${journal.verdict.count - journal.verdict.reasons.length} 条 more`);
  if (journal.verdict.count > 0) { console.log('不通过 REFUTED'); return 1; }
  if (journal.beginsAt > 1) console.log('  期初余额以文件为准；连同更早的月份一起核对才能证明 · opening balances are as the file tells them; add the earlier months to prove them');
  if (journal.links === 0) { console.log('没有可证明的内容 NOTHING TO PROVE'); return 2; }
  if (proven < journal.lastSeq) {
    console.log(`内部一致，但第 ${proven + 1} 环起没有外存的封账可对 · consistent in itself, but no seal from outside vouches for links from ${proven + 1} on: UNPROVEN`);
    return 2;
  }
  console.log('通过 PROVEN');
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error(`无法核对 cannot be checked: ${error.message}`);
    process.exitCode = 2;
  }
}
