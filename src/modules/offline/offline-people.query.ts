import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId, SeniorId } from '../../domain/kernel/ids.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { SeniorDirectory, SeniorPins, type Diner } from '../seniors/index.js';

/** Who is expected at a point: who ordered to eat there today, and who ate there in these days. */
const REGULAR_DAYS = 30;
const MOST_PEOPLE = 800;

export interface RegularDiner {
  readonly diner: Diner;
  /** '' where no phone is on file, and where the digits alone do not serve this person. */
  readonly last4: string;
  readonly balanceFen: number;
  /** Marks of the cards that are theirs now. */
  readonly cards: readonly string[];
}

/** The regulars of a point, as a kiosk without network needs them. */
@Injectable()
export class OfflinePeople {
  constructor(private readonly seniors: SeniorDirectory, private readonly pins: SeniorPins, private readonly keyring: Keyring) {}

  /** Those who ate here last come first; at most 800. */
  async ofPoint(tx: EntityManager, pointId: PointId, day: BusinessDay): Promise<RegularDiner[]> {
    const rows = await tx.query<{ seniorId: SeniorId; phone: string; balanceFen: number }[]>(
      `SELECT s.id AS seniorId, s.phone_cipher AS phone, COALESCE(a.balance_fen, 0) AS balanceFen
       FROM senior s LEFT JOIN account a ON a.kind = 'wallet' AND a.owner_code = s.id
       LEFT JOIN (SELECT senior_id, MAX(business_day) AS last FROM meal WHERE point_id = ? AND business_day >= ? AND channel <> 'delivery' GROUP BY senior_id) m ON m.senior_id = s.id
       WHERE s.point_id = ? AND s.status = 'active' ORDER BY m.last DESC, s.id LIMIT ?`,
      [pointId, addDays(day, -REGULAR_DAYS), pointId, MOST_PEOPLE],
    );
    const seniorIds = rows.map(({ seniorId }) => seniorId);
    const diners = await this.seniors.byIds(seniorIds, tx);
    const withPin = await this.pins.holders(tx, seniorIds); // no secret can be checked without network
    const cards = await this.seniors.cardMarks(seniorIds, tx);
    return rows.flatMap(({ seniorId, phone, balanceFen }) => {
      const diner = diners.get(seniorId);
      return diner === undefined ? [] : [{ diner, last4: withPin.has(seniorId) ? '' : this.keyring.open('identity', phone).slice(-4), balanceFen: Number(balanceFen), cards: cards.get(seniorId) ?? [] }];
    });
  }
}
