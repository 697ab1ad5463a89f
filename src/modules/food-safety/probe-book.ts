import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AddProbeAnswer, AddProbeRequest, ProbeReadingsAnswer, ProbeReadingsRequest, SafetyDayAnswer } from '../../contract/food-safety.js';
import { DEFAULT_FOOD_SAFETY_LIMITS, type FridgeExcursion, fridgeExcursions } from '../../domain/food-safety/index.js';
import { addDays, type BusinessDay, businessDayOf, clockText, instantOf } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { Notices, type NoticeRequest } from '../notices/index.js';
import { KitchenScope } from '../sites/index.js';

interface ProbeRow { id: string; kitchenId: string; name: string; fromC: string; toC: string; toleratedMin: number; lastAt: Date | null; lastC: string | null; alarmSince: Date | null }
interface ReadingRow { at: Date; celsius: string }

const SELECT = `SELECT id, kitchen_id AS kitchenId, name, from_c AS fromC, to_c AS toC, tolerated_min AS toleratedMin, last_at AS lastAt, last_c AS lastC, alarm_since AS alarmSince FROM probe`;
const LOOK_BACK_MS = 24 * 3_600_000;
/** A probe that has said nothing for so long is shown as silent. */
const SILENT_MS = 30 * 60_000;
/** A reading may not lie further ahead than clocks drift, nor further back than a gateway stores. */
const AHEAD_MS = 5 * 60_000;
const BEHIND_MS = 7 * 86_400_000;

/** Temperature probes in fridges and hot cabinets; the alarm follows the curve, not the single reading. */
@Injectable()
export class ProbeBook {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly notices: Notices,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @returns the key of the probe, which is told once @throws DomainError PROBE.NAME_TAKEN */
  async add(request: AddProbeRequest, staff: StaffIdentity): Promise<AddProbeAnswer> {
    if (request.fromC >= request.toC) throw new DomainError('PROBE.LIMITS_CROSSED', 'refused');
    const kitchen = await this.scope.kitchenOf(staff);
    const key = randomBytes(24).toString('base64url');
    const probeId = newId();
    try {
      await this.unitOfWork.run(async (tx) => {
        await tx.query('INSERT INTO probe (id, kitchen_id, name, from_c, to_c, tolerated_min, key_hash, added_at) VALUES (?)',
          [[probeId, kitchen.id, request.name, request.fromC, request.toC, request.toleratedMin, sha256Hex(key), this.clock.now()]]);
        await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'probe.added', objectKind: 'probe', objectId: probeId, outcome: 'done' }, tx);
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_probe_name')) throw new DomainError('PROBE.NAME_TAKEN', 'conflict');
      throw error;
    }
    return { probeId, key };
  }

  /**
   * Takes readings in, whatever carried them. Repeated readings count once; one that lies in the future or is too old is
   * left out. Every stretch outside that the new readings touch is told of once: one that is over when a gateway delivers
   * what it stored over night as well as one that goes on. @throws DomainError PROBE.UNKNOWN
   */
  async take({ key, readings }: ProbeReadingsRequest): Promise<ProbeReadingsAnswer> {
    const nowMs = this.clock.now().getTime();
    const good = readings.map(({ at, celsius }) => ({ at: new Date(at), celsius }))
      .filter(({ at }) => at.getTime() <= nowMs + AHEAD_MS && at.getTime() >= nowMs - BEHIND_MS);
    return this.unitOfWork.run(async (tx) => {
      const [probe] = await tx.query<ProbeRow[]>(`${SELECT} WHERE key_hash = ? FOR UPDATE`, [sha256Hex(key)]);
      if (probe === undefined) throw new DomainError('PROBE.UNKNOWN', 'not-found');
      if (good.length > 0) await tx.query('INSERT IGNORE INTO probe_reading (probe_id, at, celsius) VALUES ?', [good.map(({ at, celsius }) => [probe.id, at, celsius])]);
      const curve = await this.judge(tx, probe, good.map(({ at }) => at.getTime()), nowMs);
      return { taken: good.length, alarm: curve.open !== null };
    });
  }

  /** Looks at the curve around the new readings (milliseconds) and tells of what stayed outside. */
  private async judge(tx: EntityManager, probe: ProbeRow, newMs: readonly number[], nowMs: number): Promise<{ open: FridgeExcursion | null }> {
    const [firstMs, lastMs] = [Math.min(nowMs, ...newMs), Math.max(0, ...newMs)];
    const curve = await tx.query<ReadingRow[]>('SELECT at, celsius FROM probe_reading WHERE probe_id = ? AND at > ? ORDER BY at', [probe.id, new Date(firstMs - LOOK_BACK_MS)]);
    const last = curve.at(-1);
    const found = excursionsOf(probe, curve).map((one) => (one.fromAt.getTime() === curve[0]?.at.getTime() ? { ...one, fromAt: beganAt(probe, one.fromAt) } : one));
    const open = found.find(({ toAt }) => toAt.getTime() === last?.at.getTime()) ?? null;
    await tx.query('UPDATE probe SET last_at = ?, last_c = ?, alarm_since = ? WHERE id = ?', [last?.at ?? probe.lastAt, last?.celsius ?? probe.lastC, open?.fromAt ?? null, probe.id]);
    for (const one of found.filter(({ fromAt, toAt }) => toAt.getTime() >= firstMs && fromAt.getTime() <= lastMs)) {
      const minutes = Math.round((one.toAt.getTime() - one.fromAt.getTime()) / 60_000);
      const facts = { probe: probe.name, from: Number(probe.fromC), to: Number(probe.toC), minutes };
      const dedupKey = `probe-${probe.id}-${one.fromAt.getTime()}`;
      await this.tell(tx, probe.kitchenId, one === open ? { kind: 'probe-alarm', dedupKey, facts: { ...facts, celsius: Number(last?.celsius) } }
        : { kind: 'probe-was-out', dedupKey, facts: { ...facts, celsius: one.extremeC, day: businessDayOf(one.fromAt), time: clockText(one.fromAt) } });
    }
    return { open };
  }

  /** Tells of every probe that has fallen silent, once for each silence. @returns how many were told of now */
  async tellSilent(): Promise<number> {
    const now = this.clock.now();
    // One that has never spoken is silent since it was added.
    const silent = await this.dataSource.query<{ id: string; kitchenId: string; name: string; heardAt: Date }[]>(
      `SELECT id, kitchen_id AS kitchenId, name, COALESCE(last_at, added_at) AS heardAt FROM probe WHERE COALESCE(last_at, added_at) < ? AND COALESCE(last_at, added_at) > ?`, [new Date(now.getTime() - SILENT_MS), new Date(now.getTime() - BEHIND_MS)]);
    let told = 0;
    for (const { id, kitchenId, name, heardAt } of silent) {
      const minutes = Math.floor((now.getTime() - heardAt.getTime()) / 60_000);
      const said = await this.unitOfWork.run((tx) => this.tell(tx, kitchenId, { kind: 'probe-silent', dedupKey: `silent-${id}-${heardAt.getTime()}`, facts: { probe: name, minutes } }));
      if (said) told += 1;
    }
    return told;
  }

  /** The kitchen, which can look at once, and its street. @returns false where it was said before */
  private async tell(tx: EntityManager, kitchenId: string, notice: Pick<NoticeRequest, 'kind' | 'dedupKey' | 'facts'>): Promise<boolean> {
    const [street] = await tx.query<{ id: string }[]>('SELECT street_id AS id FROM kitchen WHERE id = ?', [kitchenId]);
    await this.notices.request(tx, { ...notice, recipientKind: 'street', recipientId: street?.id ?? '' });
    return this.notices.request(tx, { ...notice, recipientKind: 'kitchen', recipientId: kitchenId, dedupKey: `k-${notice.dedupKey}` });
  }

  /** Probes of a kitchen with their curves of a day. */
  async ofDay(kitchenId: string, day: BusinessDay): Promise<SafetyDayAnswer['probes']> {
    const probes = await this.dataSource.query<ProbeRow[]>(`${SELECT} WHERE kitchen_id = ? ORDER BY name`, [kitchenId]);
    const nowMs = this.clock.now().getTime();
    return Promise.all(probes.map(async (probe) => {
      const curve = await this.dataSource.query<ReadingRow[]>('SELECT at, celsius FROM probe_reading WHERE probe_id = ? AND at >= ? AND at < ? ORDER BY at',
        [probe.id, instantOf(day, 0), instantOf(addDays(day, 1), 0)]);
      return {
        id: probe.id, name: probe.name, fromC: Number(probe.fromC), toC: Number(probe.toC), toleratedMin: probe.toleratedMin, lastAt: probe.lastAt?.toISOString() ?? null,
        lastC: probe.lastC === null ? null : Number(probe.lastC), alarmSince: probe.alarmSince?.toISOString() ?? null,
        silent: probe.lastAt === null || nowMs - probe.lastAt.getTime() > SILENT_MS,
        curve: curve.map(({ at, celsius }) => ({ at: at.toISOString(), celsius: Number(celsius) })),
        excursions: excursionsOf(probe, curve).map(({ fromAt, toAt, extremeC }) => ({ fromAt: fromAt.toISOString(), toAt: toAt.toISOString(), extremeC })),
      };
    }));
  }
}

/** A stretch that fills all that was looked at began when its alarm did, however far back that lies. */
function beganAt({ alarmSince }: ProbeRow, fromAt: Date): Date {
  return alarmSince !== null && alarmSince < fromAt ? alarmSince : fromAt;
}

function excursionsOf(probe: ProbeRow, curve: readonly ReadingRow[]): ReturnType<typeof fridgeExcursions> {
  const limits = { ...DEFAULT_FOOD_SAFETY_LIMITS, fridgeFromC: Number(probe.fromC), fridgeToC: Number(probe.toC) };
  return fridgeExcursions(curve.map(({ at, celsius }) => ({ at, celsius: Number(celsius) })), probe.toleratedMin, limits);
}
