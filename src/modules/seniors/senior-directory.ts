import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { maskName, type ConsentPurpose, type Stay } from '../../domain/persons/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PersonCode, PointId, SeniorId } from '../../domain/kernel/ids.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { identityHashes } from '../../infra/crypto/identity-hashes.js';
import { Keyring } from '../../infra/crypto/keyring.js';

/** The stored name of a card is a keyed hash already; a kiosk gets one more step away from it. */
const markOfCard = (cardHash: string): string => sha256Hex(`mark:${cardHash}`).slice(0, 24);

/** A category that pricing may use; half-open validity, evidence by its number. */
export interface DinerCategory {
  readonly code: string;
  readonly validFrom: BusinessDay;
  readonly validTo: BusinessDay | null;
  readonly evidence: string;
}

/** What a payment needs to know of a senior; no ID number, phone or address. */
export interface Diner {
  readonly seniorId: SeniorId;
  readonly personCode: PersonCode;
  readonly streetId: string;
  readonly pointId: PointId;
  readonly name: string;
  readonly maskedName: string;
  readonly birthDate: BusinessDay;
  readonly hukouArea: string;
  readonly residenceArea: string;
  readonly status: string;
  readonly categories: readonly DinerCategory[];
  /** Stays in nursing homes and hospitals; pricing asks about the meal's day. */
  readonly stays: readonly Stay[];
}

type DinerRow = Omit<Diner, 'maskedName' | 'categories' | 'stays'> & { sex: 'M' | 'F' };

const DINER_SQL = `SELECT s.id AS seniorId, s.person_code AS personCode, s.street_id AS streetId, s.point_id AS pointId, s.name, s.sex,
    s.birth_date AS birthDate, s.hukou_area AS hukouArea, st.jurisdiction_code AS residenceArea, s.status
  FROM senior s JOIN street st ON st.id = s.street_id`;

/** The door to seniors for other capabilities. */
@Injectable()
export class SeniorDirectory {
  constructor(private readonly dataSource: DataSource, private readonly keyring: Keyring) {}

  /** @throws DomainError PAYMENT.SENIOR_UNKNOWN */
  async byId(seniorId: SeniorId, tx: EntityManager = this.dataSource.manager): Promise<Diner> {
    return this.one(tx, 's.id = ?', [seniorId]);
  }

  /** Many at once; who is not on file is not among them. */
  async byIds(seniorIds: readonly SeniorId[], tx: EntityManager = this.dataSource.manager): Promise<Map<SeniorId, Diner>> {
    if (seniorIds.length === 0) return new Map();
    const rows = await tx.query<DinerRow[]>(`${DINER_SQL} WHERE s.id IN (?)`, [seniorIds]);
    const categories = await tx.query<(DinerCategory & { seniorId: SeniorId })[]>(
      `SELECT senior_id AS seniorId, code, valid_from AS validFrom, valid_to AS validTo, evidence FROM senior_category
       WHERE senior_id IN (?) AND status = 'approved' ORDER BY code, valid_from`, [seniorIds],
    );
    const stays = await tx.query<(Stay & { seniorId: SeniorId })[]>(
      'SELECT senior_id AS seniorId, kind, from_day AS fromDay, to_day AS toDay FROM senior_stay WHERE senior_id IN (?) AND active = 1 ORDER BY from_day', [seniorIds],
    );
    const own = <Fact extends { seniorId: SeniorId }>(facts: readonly Fact[], id: SeniorId): Omit<Fact, 'seniorId'>[] =>
      facts.filter((fact) => fact.seniorId === id).map(({ seniorId: _seniorId, ...fact }) => fact);
    return new Map(rows.map(({ sex, ...diner }) => [diner.seniorId, {
      ...diner, maskedName: maskName(diner.name, sex), categories: own(categories, diner.seniorId), stays: own(stays, diner.seniorId),
    }]));
  }

  /** @throws DomainError PAYMENT.SENIOR_UNKNOWN */
  async byPersonCode(personCode: PersonCode, tx: EntityManager = this.dataSource.manager): Promise<Diner> {
    return this.one(tx, 's.person_code = ?', [personCode]);
  }

  /** @throws DomainError PAYMENT.SENIOR_UNKNOWN for an unknown, returned or blocked card */
  async byCard(cardNo: string, tx: EntityManager = this.dataSource.manager): Promise<Diner> {
    const hash = identityHashes.card(this.keyring, cardNo.replace(/[ -]/g, ''));
    return this.one(tx, 's.id = (SELECT senior_id FROM senior_card WHERE card_hash = ? AND active = 1)', [hash]);
  }

  /** Names a card to the kiosks that have met it, without telling its number. */
  cardMark(cardNo: string): string {
    return markOfCard(identityHashes.card(this.keyring, cardNo.replace(/[ -]/g, '')));
  }

  /** Marks of the cards that are these seniors' now. */
  async cardMarks(seniorIds: readonly SeniorId[], tx: EntityManager): Promise<ReadonlyMap<SeniorId, readonly string[]>> {
    if (seniorIds.length === 0) return new Map();
    const rows = await tx.query<{ seniorId: SeniorId; hash: string }[]>('SELECT senior_id AS seniorId, card_hash AS hash FROM senior_card WHERE senior_id IN (?) AND active = 1', [seniorIds]);
    const marks = new Map<SeniorId, string[]>();
    for (const { seniorId, hash } of rows) marks.set(seniorId, [...marks.get(seniorId) ?? [], markOfCard(hash)]);
    return marks;
  }

  /** Whether a card with this mark is this person's now; without one, of a kiosk of before, whether any card is. */
  async holdsCard(personCode: string, mark: string | undefined, tx: EntityManager): Promise<boolean> {
    const rows = await tx.query<{ hash: string }[]>('SELECT c.card_hash AS hash FROM senior_card c JOIN senior s ON s.id = c.senior_id WHERE s.person_code = ? AND c.active = 1', [personCode]);
    return rows.some(({ hash }) => mark === undefined || markOfCard(hash) === mark);
  }

  /** The active seniors of a point whose phone number ends in these four digits; often several. */
  async byLast4(pointId: PointId, last4: string, tx: EntityManager = this.dataSource.manager): Promise<Diner[]> {
    const hash = identityHashes.last4(this.keyring, pointId, last4);
    const rows = await tx.query<DinerRow[]>(
      `${DINER_SQL} WHERE s.point_id = ? AND s.phone_last4_hash = ? AND s.status = 'active' ORDER BY s.name LIMIT 12`, [pointId, hash],
    );
    return Promise.all(rows.map((row) => this.withCategories(tx, row)));
  }

  /**
   * The collector whom this senior has named and whose phone ends so; one who was taken off the record collects no more.
   *
   * @returns the number of the contact, or null
   */
  async collectorOf(seniorId: SeniorId, phoneLast4: string, tx: EntityManager = this.dataSource.manager): Promise<string | null> {
    const rows = await tx.query<{ id: string; phone: string }[]>(
      "SELECT id, phone_cipher AS phone FROM senior_contact WHERE senior_id = ? AND kind = 'collector' ORDER BY id", [seniorId],
    );
    return rows.find(({ phone }) => this.keyring.open('identity', phone).endsWith(phoneLast4))?.id ?? null;
  }

  /** True while a consent of this purpose stands; face at a point or its gate needs the consent for that very one. */
  async hasConsent(seniorId: SeniorId, purpose: ConsentPurpose, pointId: PointId | null, tx: EntityManager = this.dataSource.manager): Promise<boolean> {
    const [row] = await tx.query<{ n: number }[]>(
      `SELECT COUNT(*) AS n FROM consent WHERE senior_id = ? AND purpose = ? AND withdrawn_at IS NULL AND (? IS NULL OR point_id = ?)`,
      [seniorId, purpose, pointId, pointId],
    );
    return (row?.n ?? 0) > 0;
  }

  /**
   * Holds the registration as it is until the transaction ends: whoever ends it waits, and a sale that comes after that
   * end is refused. The row is the diner's own, so no two diners wait for each other.
   *
   * @throws DomainError PAYMENT.SENIOR_SUSPENDED
   */
  async holdActive(tx: EntityManager, seniorId: SeniorId): Promise<void> {
    const [row] = await tx.query<{ status: string }[]>('SELECT status FROM senior WHERE id = ? LOCK IN SHARE MODE', [seniorId]);
    if (row?.status !== 'active') throw new DomainError('PAYMENT.SENIOR_SUSPENDED', 'refused');
  }

  /**
   * The same for a meal that was handed over at a door: a suspension does not undo it, but nobody eats after their death
   * or at a home they have left.
   *
   * @throws DomainError PAYMENT.SENIOR_GONE
   */
  async holdPresent(tx: EntityManager, seniorId: SeniorId, day: BusinessDay): Promise<void> {
    const [row] = await tx.query<{ status: string; statusFrom: BusinessDay | null }[]>(
      'SELECT status, status_from AS statusFrom FROM senior WHERE id = ? LOCK IN SHARE MODE', [seniorId],
    );
    const gone = row?.status === 'deceased' || row?.status === 'moved' || row?.status === 'merged';
    if (gone && (row.statusFrom === null || row.statusFrom <= day)) throw new DomainError('PAYMENT.SENIOR_GONE', 'refused');
  }

  /** Whether the ID number that was shown at the desk ends as the one on file; the number itself is not told. */
  async documentEndsWith(seniorId: SeniorId, last4: string, tx: EntityManager = this.dataSource.manager): Promise<boolean> {
    const [row] = await tx.query<{ sealed: string }[]>('SELECT id_number_cipher AS sealed FROM senior WHERE id = ?', [seniorId]);
    return row !== undefined && this.keyring.open('identity', row.sealed).endsWith(last4);
  }

  private async one(tx: EntityManager, where: string, parameters: unknown[]): Promise<Diner> {
    const [row] = await tx.query<DinerRow[]>(`${DINER_SQL} WHERE ${where}`, parameters);
    if (row === undefined) throw new DomainError('PAYMENT.SENIOR_UNKNOWN', 'refused');
    return this.withCategories(tx, row);
  }

  private async withCategories(tx: EntityManager, row: DinerRow): Promise<Diner> {
    const categories = await tx.query<DinerCategory[]>(
      `SELECT code, valid_from AS validFrom, valid_to AS validTo, evidence FROM senior_category
       WHERE senior_id = ? AND status = 'approved' ORDER BY code, valid_from`,
      [row.seniorId],
    );
    const stays = await tx.query<Stay[]>(
      'SELECT kind, from_day AS fromDay, to_day AS toDay FROM senior_stay WHERE senior_id = ? AND active = 1 ORDER BY from_day', [row.seniorId],
    );
    const { sex, ...diner } = row;
    return { ...diner, maskedName: maskName(row.name, sex), categories, stays };
  }
}
