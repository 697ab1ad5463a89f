import { newId } from '../../src/infra/ids.js';
import { SPECIAL_SENIOR } from '../../src/domain/persons/index.js';
import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { JournalRoots, JournalSealer, LedgerVerifier, sealHash, verificationLines, type Verification } from '../../src/modules/ledger/index.js';
import { MealHistory, type PlantedMeal, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const DAY = '2026-11-23';
const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I6', 'I10', 'I11', 'I13', 'I14', 'I15', 'I16'] as const;

interface Ledger {
  test: TestApp;
  history: MealHistory;
  street: PlantedStreet;
  senior: PlantedSenior;
  meal: PlantedMeal;
  verify: () => Promise<Verification>;
  sql: (statement: string, parameters?: unknown[]) => Promise<unknown>;
}

const broken = ({ findings }: Verification) => findings.filter((finding) => finding.violations > 0).map((finding) => finding.invariant);

async function open(test: TestApp): Promise<Pick<Ledger, 'test' | 'history' | 'verify' | 'sql'>> {
  const verifier = test.app.get(LedgerVerifier);
  return {
    test, history: new MealHistory(test), verify: () => verifier.verify(), sql: (statement, parameters) => test.dataSource.query(statement, parameters),
  };
}

/** A ledger with top-ups, subsidised, public, delivered and reversed meals; every append-only trigger and unique key taken away. */
async function filledLedger(): Promise<Ledger> {
  const base = await open(await startApp());
  const { history, sql } = base;
  const street = await history.street();
  const senior = await history.senior(street, '1943-05-01');
  const special = await history.senior(street, '1950-05-01', [
    { code: SPECIAL_SENIOR, validFrom: '2026-01-01' as BusinessDay, validTo: null, evidence: 'decision 7' },
  ]);
  await history.topUp(street, senior, 50_000);
  const meal = await history.meal({ street, point: 0, senior, day: DAY, grossFen: 1801 });
  await history.meal({ street, point: 1, senior, day: DAY, period: 'dinner' });
  await history.meal({ street, point: 0, senior: special, day: DAY, channel: 'delivery', grossFen: 1500, atStop: true });
  await history.meal({ street, point: 0, senior: null, day: DAY });
  const mistake = await history.meal({ street, point: 0, senior, day: '2026-11-22' });
  await history.reverse(mistake, '2026-11-22', street.pointIds[0]);
  for (const table of ['transfer', 'entry', 'meal', 'meal_payer', 'meal_reversal', 'journal_seal']) {
    for (const action of ['update', 'delete']) await sql(`DROP TRIGGER ${table}_no_${action}`);
  }
  await base.test.app.get(JournalSealer, { strict: false }).sealCommitted();
  return { ...base, street, senior, meal };
}

describe('an empty ledger', () => {
  let test: TestApp;
  beforeAll(async () => { test = await startApp(); });
  afterAll(() => test.close());

  it('is reported as empty, not as proven', async () => {
    const { verify } = await open(test);
    const lines = verificationLines(await verify());
    expect(lines[0]).toBe('The ledger is empty: there is nothing to prove yet.');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ ok: true, transfers: 0, accounts: 0, meals: 0, violations: 0 });
  });
});

describe('a ledger in order', () => {
  let ledger: Ledger;
  beforeAll(async () => { ledger = await filledLedger(); });
  afterAll(() => ledger.test.close());

  it('proves every invariant and says what it counted', async () => {
    const verification = await ledger.verify();
    expect(broken(verification)).toEqual([]);
    expect(verification.findings.map((finding) => finding.invariant)).toEqual(INVARIANTS);
    const lines = verificationLines(verification);
    expect(lines).toHaveLength(INVARIANTS.length + 1);
    expect(lines[0]).toMatch(/^I1 {2}ok .*: 7 transfers, \d+ entries$/);
    expect(lines[4]).toContain('6 transfers with their request, 1 deliveries with their stop');
    expect(lines[5]).toContain('5 meals');
    expect(lines[6]).toMatch(/: 7 links, 7 contents, 0 not sealed yet, 0 daily roots$/);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ ok: true, transfers: 7, meals: 5, violations: 0 });
  });
});

/** Each plants one corruption: the smallest change that breaks one invariant; the seal sees those of sealed rows, too. */
type Invariant = (typeof INVARIANTS)[number];

const CORRUPTIONS: [string, Invariant | Invariant[], (ledger: Ledger) => Promise<void>][] = [
  ['an entry without its counterpart', ['I1', 'I11', 'I13'], async ({ sql }) => {
    await sql(`INSERT INTO entry (transfer_id, account_id, amount_fen)
      SELECT t.id, a.id, 5 FROM transfer t, account a WHERE t.kind = 'top-up' AND a.kind = 'cash' LIMIT 1`);
  }],
  ['a lost update of a balance', 'I2', async ({ sql, senior }) => {
    await sql("UPDATE account SET balance_fen = balance_fen + 800 WHERE kind = 'wallet' AND owner_code = ?", [senior.id]);
  }],
  ['a wallet spent beyond its money', 'I3', async ({ sql, senior }) => {
    await sql("UPDATE account SET floor_fen = balance_fen + 1 WHERE kind = 'wallet' AND owner_code = ?", [senior.id]);
  }],
  ['a subsidised meal that used no entitlement', 'I4', async ({ sql, meal }) => {
    await sql("UPDATE entitlement_use SET active = NULL WHERE meal_id = ? AND slot = 'lunch'", [meal.mealId]);
  }],
  ['an entitlement used twice', 'I4', async ({ sql, meal, senior }) => {
    await sql('ALTER TABLE entitlement_use DROP KEY uq_entitlement_use');
    await sql("INSERT INTO entitlement_use (id, senior_id, business_day, slot, meal_id, active) VALUES (?, ?, ?, 'lunch', ?, 1)",
      [newId(), senior.id, DAY, meal.mealId]);
  }],
  ['one key charged twice', ['I4', 'I11'], async ({ sql, history, street, senior }) => {
    await sql('ALTER TABLE transfer DROP KEY uq_transfer_key');
    const [first, second] = [await history.topUp(street, senior, 100), await history.topUp(street, senior, 100)];
    await sql('UPDATE transfer t JOIN transfer f ON f.id = ? SET t.idempotency_key = f.idempotency_key WHERE t.id = ?', [first, second]);
  }],
  ['money that nobody sent', 'I6', async ({ sql, history, street, senior }) => {
    const transferId = await history.topUp(street, senior, 100);
    await sql('DELETE i FROM idempotency_record i JOIN transfer t ON t.idempotency_key = i.idempotency_key WHERE t.id = ?', [transferId]);
  }],
  ['a delivered meal whose stop says that nobody was at home', 'I6', async ({ sql }) => {
    await sql("UPDATE route_stop SET result = 'absent'");
  }],
  ['a sale without a meal', ['I6', 'I11', 'I13'], async ({ sql, history, street, senior }) => {
    const transferId = await history.topUp(street, senior, 100);
    await sql("UPDATE transfer SET kind = 'meal-sale' WHERE id = ?", [transferId]);
  }],
  ['a reversal that gives back more', ['I6', 'I11'], async ({ sql, senior }) => {
    await sql(`UPDATE entry e JOIN transfer t ON t.id = e.transfer_id JOIN account a ON a.id = e.account_id
      SET e.amount_fen = e.amount_fen + IF(a.kind = 'operator', -100, 100)
      WHERE t.kind = 'meal-reversal' AND a.kind IN ('operator', 'wallet')`);
    await sql("UPDATE account SET balance_fen = balance_fen + 100 WHERE kind = 'wallet' AND owner_code = ?", [senior.id]);
  }],
  ['a claim moved from one payer to another', 'I10', async ({ sql, meal }) => {
    await sql("UPDATE meal_payer SET amount_fen = amount_fen + IF(payer_code = 'street', 1, -1) WHERE meal_id = ? AND payer_code IN ('street', 'district')", [meal.mealId]);
  }],
  ['a diner made older after the sale', 'I10', async ({ sql, meal }) => {
    await sql("UPDATE meal SET facts = JSON_SET(facts, '$.diner.birthDate', '1930-01-01') WHERE id = ?", [meal.mealId]);
  }],
  ['a subsidy that reached a wallet', ['I10', 'I11', 'I13'], async ({ sql, meal, senior }) => {
    await sql(`UPDATE entry e JOIN account a ON a.id = e.account_id JOIN account w ON w.kind = 'wallet' AND w.owner_code = ?
      SET e.account_id = w.id WHERE e.transfer_id = ? AND a.kind = 'operator'`, [senior.id, meal.transferId]);
    await sql("UPDATE account a SET balance_fen = (SELECT SUM(amount_fen) FROM entry e WHERE e.account_id = a.id) WHERE a.kind = 'wallet'");
  }],
  ['a debt paid twice', ['I3', 'I11'], async ({ sql, history, street, senior }) => {
    const transferId = await history.topUp(street, senior, 100);
    await sql("INSERT INTO account (id, kind, owner_code, guarded, created_at) VALUES (?, 'debt', ?, 0, NOW(3))", [newId(), senior.id]);
    await sql(`UPDATE entry e JOIN account a ON a.id = e.account_id JOIN account d ON d.kind = 'debt' AND d.owner_code = ? SET e.account_id = d.id
      WHERE e.transfer_id = ? AND a.kind = 'wallet'`, [senior.id, transferId]);
    await sql("UPDATE account a SET balance_fen = balance_fen - 100 WHERE a.kind = 'wallet' AND a.owner_code = ?", [senior.id]);
  }],
  ['a drawer that expected less than it took', 'I14', async ({ sql, street }) => {
    await sql(`INSERT INTO cash_shift (id, point_id, staff_id, business_day, state, opened_at, opening_fen, moved_fen, expected_fen, counted_fen, kept_fen, difference_fen)
      VALUES (?, ?, ?, ?, 'closed', NOW(3), 100, 50, 100, 100, 0, 0)`, [newId(), street.pointIds[0], newId(), DAY]);
  }],
  ['a receipt at the bank that nobody posted', 'I16', async ({ sql, street }) => {
    await sql(`INSERT INTO transit_receipt (id, street_id, source, through_day, expected_fen, received_fen, fee_fen, bank_reference, received_on, note, state, recorded_by, recorded_at, transfer_id)
      SELECT ?, ?, 'qr', ?, 100, 100, 0, 'BANK-1', ?, '', 'recorded', ?, NOW(3), t.id FROM transfer t WHERE t.kind = 'top-up' LIMIT 1`, [newId(), street.streetId, DAY, DAY, newId()]);
  }],
  ['own parts paid out otherwise than drafted', 'I16', async ({ sql, street, meal }) => {
    await sql(`INSERT INTO own_part_settlement (id, street_id, operator_id, month, through_seq, amount_fen, state, drafted_by, drafted_at, paid_by, transfer_id)
      VALUES (?, ?, ?, '2026-11', 0, 100, 'paid', ?, NOW(3), ?, ?)`, [newId(), street.streetId, street.operatorIds[0], newId(), newId(), meal.transferId]);
  }],
  ['a policy changed under a sold meal', 'I10', async ({ sql }) => {
    await sql("UPDATE policy_version SET policy = REPLACE(policy, '\"payPercent\":70', '\"payPercent\":60')");
  }],
  ['a policy that is gone', 'I10', async ({ sql }) => {
    await sql('DELETE FROM policy_version');
  }],
  ['a meal that claims more than was posted', ['I10', 'I11'], async ({ sql, meal }) => {
    await sql(`UPDATE entry e JOIN account a ON a.id = e.account_id SET e.amount_fen = e.amount_fen - IF(a.kind = 'payer', 10, -10)
      WHERE e.transfer_id = ? AND (a.kind = 'operator' OR a.owner_code LIKE 'street:%')`, [meal.transferId]);
  }],
];

describe('each planted corruption breaks exactly its invariant', () => {
  let ledger: Ledger;
  beforeEach(async () => { ledger = await filledLedger(); });
  afterEach(() => ledger.test.close());

  it.each(CORRUPTIONS)('%s: %s', async (_name, invariant, plant) => {
    expect(broken(await ledger.verify())).toEqual([]);
    await plant(ledger);
    const verification = await ledger.verify();
    const expected = [invariant].flat();
    expect(broken(verification)).toEqual(expected);
    expect(verification.summary.ok).toBe(false);
    for (const one of expected) expect(verificationLines(verification).some((line) => line.startsWith(`${one.padEnd(3)} BROKEN`))).toBe(true);
  });
});

/** Seals again what lies after a link, as someone would who knows the rule and may write the whole database. */
async function resealFrom(sql: Ledger['sql'], seq: number): Promise<void> {
  const links = await sql('SELECT seq, transfer_id, content_hash, previous_hash, hash FROM journal_seal WHERE seq >= ? ORDER BY seq', [seq - 1]) as
    { seq: number; transfer_id: string; content_hash: string; hash: string }[];
  let previous = links[0]?.hash ?? '';
  for (const link of links.slice(1)) {
    const hash = sealHash(Number(link.seq), link.transfer_id, link.content_hash, previous);
    await sql('UPDATE journal_seal SET previous_hash = ?, hash = ? WHERE seq = ?', [previous, hash, link.seq]);
    previous = hash;
  }
}

const forgedHash = 'f'.repeat(64);
/** Each leaves sums, balances, meals and requests alone: nothing but the seal sees it. */
const FORGERIES: [string, RegExp, (ledger: Ledger) => Promise<void>][] = [
  ['a memo changed', /has another content than its hash/, async ({ sql }) => {
    await sql("UPDATE transfer SET memo = 'paid' WHERE kind = 'top-up'");
  }],
  ['a charge moved to another day', /has another content than its hash/, async ({ sql }) => {
    await sql("UPDATE transfer SET business_day = '2026-10-31' WHERE kind = 'top-up'");
  }],
  ['a hash that was made to fit', /has another hash than link \d+ sealed/, async ({ sql }) => {
    await sql("UPDATE transfer SET content_hash = ? WHERE kind = 'top-up'", [forgedHash]);
  }],
  ['a link that was made to fit', /link 2 does not follow the link before it/, async ({ sql }) => {
    await sql('UPDATE journal_seal SET hash = ? WHERE seq = 1', [forgedHash]);
  }],
  ['a link that names another transfer', /link 2 has another hash than its content/, async ({ sql }) => {
    await sql('UPDATE journal_seal a JOIN journal_seal b ON b.seq = 3 SET a.content_hash = b.content_hash WHERE a.seq = 2');
  }],
  ['links out of order', /link 2 does not follow the link before it/, async ({ sql }) => {
    await sql('UPDATE journal_seal SET seq = 99 WHERE seq = 2');
    await sql('UPDATE journal_seal SET seq = 2 WHERE seq = 3');
    await sql('UPDATE journal_seal SET seq = 3 WHERE seq = 99');
  }],
  ['a link taken out', /links 3 to 3 are gone/, async ({ sql }) => {
    await sql('DELETE FROM journal_seal WHERE seq = 3');
  }],
  ['the chain cut short before its root', /the root of 2026-11-24 is not the hash of link 7/, async ({ sql }) => {
    await sql('DELETE FROM journal_seal WHERE seq = 7');
  }],
  ['a chain written anew, whole, and its root left behind', /the root of 2026-11-24 is not the hash of link 7/, async ({ sql }) => {
    await sql('UPDATE transfer t JOIN journal_seal s ON s.transfer_id = t.id SET s.content_hash = t.content_hash WHERE s.seq = 4');
    await sql("UPDATE journal_seal SET previous_hash = ?, hash = ? WHERE seq = 4", [forgedHash, forgedHash]);
    await resealFrom(sql, 5);
  }],
  ['roots taken out', /the roots between 2026-11-22 and 2026-11-24 are gone/, async ({ sql }) => {
    await sql("INSERT INTO journal_root (business_day, last_seq, root_hash, created_at) SELECT '2026-11-22', last_seq, root_hash, created_at FROM journal_root");
  }],
  ['a payer given another name', /the seal of 2026-11-24 has other accounts or another root/, async ({ sql }) => {
    await sql("UPDATE account a JOIN account b ON b.kind = 'payer' AND b.owner_code LIKE 'district:%' SET a.owner_code = CONCAT('x', a.owner_code) WHERE a.kind = 'cash'");
  }],
  ['a transfer slipped in among sealed ones', /has no link although later ones have/, async ({ sql, history, street, senior }) => {
    await sql('UPDATE transfer t JOIN journal_seal s ON s.transfer_id = t.id SET t.position = 1000, s.transfer_position = 1000 WHERE s.seq = 7');
    const transferId = await history.topUp(street, senior, 100);
    await sql("UPDATE transfer SET position = 900, created_at = '2026-11-01' WHERE id = ?", [transferId]);
  }],
  ['a transfer put where no page looks', /lies before the first position/, async ({ sql, history, street, senior }) => {
    const transferId = await history.topUp(street, senior, 100);
    await sql('UPDATE transfer SET position = -5 WHERE id = ?', [transferId]);
  }],
];

describe('the seal', () => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await filledLedger();
    ledger.test.clock.moveTo(new Date('2026-11-25T03:00:00Z'));
    await ledger.test.app.get(JournalRoots, { strict: false }).closeDays();
  });
  afterEach(() => ledger.test.close());

  it.each(FORGERIES)('shows %s', async (_name, example, plant) => {
    expect(broken(await ledger.verify())).toEqual([]);
    await plant(ledger);
    const { findings } = await ledger.verify();
    expect(broken({ findings } as Verification)).toEqual(['I11']);
    expect(findings.find((finding) => finding.invariant === 'I11')?.examples.join('\n')).toMatch(example);
  });

  it('shows a sealed transfer that was taken out without a trace elsewhere', async () => {
    const { sql } = ledger;
    await sql("DELETE e FROM entry e JOIN transfer t ON t.id = e.transfer_id WHERE t.kind = 'top-up'");
    await sql("DELETE FROM transfer WHERE kind = 'top-up'");
    const { findings } = await ledger.verify();
    expect(findings.find((finding) => finding.invariant === 'I11')?.examples).toEqual([expect.stringMatching(/^transfer .* of link 1 is gone$/)]);
  });

  it('leaves what was posted a moment ago in peace', async () => {
    await ledger.history.topUp(ledger.street, ledger.senior, 100);
    const verification = await ledger.verify();
    expect(broken(verification)).toEqual([]);
    expect(verificationLines(verification).find((line) => line.startsWith('I11'))).toContain('1 not sealed yet');
  });
});
