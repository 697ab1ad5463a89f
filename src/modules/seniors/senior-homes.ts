import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { isValidOn, maskName, SPECIAL_SENIOR } from '../../domain/persons/index.js';
import { ageOn, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { SeniorId } from '../../domain/kernel/ids.js';
import { Keyring } from '../../infra/crypto/keyring.js';

/** Where and how a senior lives, for carrying a meal there. No ID number, no telephone, no address text. WGS-84. */
export interface SeniorHome {
  readonly seniorId: SeniorId;
  readonly name: string;
  /** Surname and 先生 or 女士. */
  readonly callName: string;
  readonly ageYears: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly floor: number;
  readonly hasLift: boolean;
  readonly doorNote: string;
  readonly householdId: string | null;
  /** A special senior approved by the street, on the day asked for. */
  readonly special: boolean;
  readonly diets: readonly string[];
}

/** What a crew needs at the door. */
export interface DoorContact {
  readonly address: string;
  readonly phone: string;
}

/** How to reach a person and the family. */
export interface PersonReach {
  readonly name: string;
  readonly phone: string;
  readonly families: { relation: string; name: string; phone: string }[];
}

interface HomeRow {
  seniorId: SeniorId; name: string; sex: 'M' | 'F'; birthDate: BusinessDay; latitude: number; longitude: number;
  floor: number; hasLift: number; doorNote: string; householdId: string | null;
}

/** The door to the homes of seniors, for those who carry meals. */
@Injectable()
export class SeniorHomes {
  constructor(private readonly dataSource: DataSource, private readonly keyring: Keyring) {}

  /** Homes by senior id as of `day`; ids that do not exist are left out. */
  async on(day: BusinessDay, seniorIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<Map<string, SeniorHome>> {
    if (seniorIds.length === 0) return new Map();
    const rows = await tx.query<HomeRow[]>(
      `SELECT id AS seniorId, name, sex, birth_date AS birthDate, latitude, longitude, floor, has_lift AS hasLift,
         door_note AS doorNote, household_id AS householdId FROM senior WHERE id IN (?)`,
      [seniorIds],
    );
    const special = await this.specialOn(day, seniorIds, tx);
    const diets = await this.dietsOf(seniorIds, tx);
    return new Map(rows.map(({ sex, birthDate, hasLift, ...row }) => {
      return [row.seniorId, {
        ...row, hasLift: hasLift === 1, ageYears: ageOn(birthDate, day), callName: maskName(row.name, sex),
        special: special.has(row.seniorId), diets: diets.get(row.seniorId) ?? [],
      }];
    }));
  }

  /** Address and telephone, decrypted for the crew that stands there today; the caller has checked that it does. */
  async contacts(seniorIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<Map<string, DoorContact>> {
    if (seniorIds.length === 0) return new Map();
    const rows = await tx.query<{ id: string; address_cipher: string; phone_cipher: string }[]>(
      'SELECT id, address_cipher, phone_cipher FROM senior WHERE id IN (?)', [seniorIds],
    );
    return new Map(rows.map((row) => [row.id, {
      address: this.keyring.open('identity', row.address_cipher), phone: this.keyring.open('identity', row.phone_cipher),
    }]));
  }

  /** Name, telephone and families, decrypted for those who must be called; the caller audits the look. */
  async reach(seniorIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<Map<string, PersonReach>> {
    const reached = new Map<string, PersonReach>();
    if (seniorIds.length === 0) return reached;
    const rows = await tx.query<{ id: string; name: string; phoneCipher: string }[]>('SELECT id, name, phone_cipher AS phoneCipher FROM senior WHERE id IN (?)', [seniorIds]);
    const families = await tx.query<{ seniorId: string; relation: string; nameCipher: string; phoneCipher: string }[]>(
      "SELECT senior_id AS seniorId, relation, name_cipher AS nameCipher, phone_cipher AS phoneCipher FROM senior_contact WHERE senior_id IN (?) AND kind = 'family' ORDER BY id", [seniorIds],
    );
    for (const row of rows) reached.set(row.id, { name: row.name, phone: this.keyring.open('identity', row.phoneCipher), families: [] });
    for (const { seniorId, relation, nameCipher, phoneCipher } of families) {
      reached.get(seniorId)?.families.push({ relation, name: this.keyring.open('identity', nameCipher), phone: this.keyring.open('identity', phoneCipher) });
    }
    return reached;
  }

  private async specialOn(day: BusinessDay, seniorIds: readonly string[], tx: EntityManager): Promise<Set<string>> {
    const rows = await tx.query<{ id: string; validFrom: BusinessDay; validTo: BusinessDay | null }[]>(
      `SELECT senior_id AS id, valid_from AS validFrom, valid_to AS validTo FROM senior_category
       WHERE senior_id IN (?) AND code = ? AND status = 'approved'`,
      [seniorIds, SPECIAL_SENIOR],
    );
    return new Set(rows.filter((row) => isValidOn(row, day)).map((row) => row.id));
  }

  private async dietsOf(seniorIds: readonly string[], tx: EntityManager): Promise<Map<string, string[]>> {
    const rows = await tx.query<{ id: string; code: string }[]>(
      'SELECT senior_id AS id, code FROM senior_diet WHERE senior_id IN (?) ORDER BY code', [seniorIds],
    );
    const diets = new Map<string, string[]>();
    for (const { id, code } of rows) diets.set(id, [...(diets.get(id) ?? []), code]);
    return diets;
  }
}
